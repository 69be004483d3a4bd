using System.Text.Encodings.Web;
using System.Text.Json.Serialization;

namespace RegistryIndex;

/// <summary>Serializes facts. It escapes only what JSON requires, so that the limit in bytes applies to the text itself.</summary>
[JsonSerializable(typeof(RepositoryFacts))]
internal sealed partial class FactsJson : JsonSerializerContext
{
    public static FactsJson Writer { get; } = new(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
