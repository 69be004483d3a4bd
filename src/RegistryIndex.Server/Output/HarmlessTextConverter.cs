using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Server.Output;

/// <summary>Writes every text of every answer as <see cref="HarmlessText"/>.</summary>
internal sealed class HarmlessTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(HarmlessText.Of(value));
}
