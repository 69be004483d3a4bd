using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Server.Transfer;

/// <summary>A refused repository as a line of JSON Lines. <c>import</c> accepts the line after its name or description was corrected.</summary>
/// <param name="Name">The name; null when the line is not a repository.</param>
/// <param name="Description">The description.</param>
/// <param name="Reason">The reason, as one sentence.</param>
/// <param name="Line">The number of the input line, from 1; null when the repository was not read from lines.</param>
/// <param name="Text">The beginning of the line, when it is not a repository.</param>
internal sealed record RefusedLine(string? Name, string? Description, string Reason, long? Line = null, string? Text = null)
{
    public string ToJson() => JsonSerializer.Serialize(this, RefusedLineJson.Readable.RefusedLine);

    /// <summary>Returns the sentence for people.</summary>
    public override string ToString() => Line is { } number ? $"Line {number} is refused: {Reason}" : $"Refused: {Reason}";
}

[JsonSerializable(typeof(RefusedLine))]
internal sealed partial class RefusedLineJson : JsonSerializerContext
{
    public static RefusedLineJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
