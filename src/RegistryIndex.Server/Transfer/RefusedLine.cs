using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Server.Transfer;

/// <summary>What was refused, as a line of JSON Lines. Once its name or description is mended, <c>import</c> takes it again.</summary>
/// <param name="Name">The name; null where the line is no repository.</param>
/// <param name="Description">The description.</param>
/// <param name="Reason">One sentence.</param>
/// <param name="Line">The number of the line that it came from, 1 for the first; null where it was not read from lines.</param>
/// <param name="Text">The beginning of the line, where it is no repository.</param>
internal sealed record RefusedLine(string? Name, string? Description, string Reason, long? Line = null, string? Text = null)
{
    public string ToJson() => JsonSerializer.Serialize(this, RefusedLineJson.Readable.RefusedLine);

    /// <summary>The sentence for people.</summary>
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
