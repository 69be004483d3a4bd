using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex;

/// <summary>What a mark of <see cref="IndexWork"/> says.</summary>
/// <param name="State">How far the work is.</param>
/// <param name="Holder">Who is at it, new with every renewal; null when it was put down.</param>
/// <param name="Seconds">How long a silent holder is waited for.</param>
/// <param name="Progress">Where the next process goes on.</param>
internal sealed record WorkMark(WorkState State, string? Holder, double Seconds, string? Progress)
{
    public string ToText() => JsonSerializer.Serialize(this, WorkMarkJson.Default.WorkMark);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkMark))]
internal sealed partial class WorkMarkJson : JsonSerializerContext;
