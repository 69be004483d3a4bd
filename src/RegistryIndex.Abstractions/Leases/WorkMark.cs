using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex;

/// <summary>The content of a mark of <see cref="IndexWork"/>.</summary>
/// <param name="State">The state of the work.</param>
/// <param name="Holder">The process that does the work, as an id that every renewal changes; null after the work was released.</param>
/// <param name="Seconds">How long to wait for a silent holder.</param>
/// <param name="Progress">Where the next process continues.</param>
internal sealed record WorkMark(WorkState State, string? Holder, double Seconds, string? Progress)
{
    public string ToText() => JsonSerializer.Serialize(this, WorkMarkJson.Default.WorkMark);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkMark))]
internal sealed partial class WorkMarkJson : JsonSerializerContext;
