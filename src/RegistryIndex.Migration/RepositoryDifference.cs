using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Migration;

/// <summary>A repository that two indexes do not say the same of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">What the first says; null where it is not there.</param>
/// <param name="To">What the second says; null where it is not there.</param>
public sealed record RepositoryDifference(string Name, Repository? From, Repository? To)
{
    /// <summary>A line of JSON Lines for it.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new DifferenceLine(To is null ? "missing" : From is null ? "extra" : "description", Name, From?.Description, To?.Description), DifferenceJson.Readable.DifferenceLine);
}

/// <summary>A page of a search that two indexes answer differently.</summary>
/// <param name="Query">What was searched for.</param>
/// <param name="Limit">The page size.</param>
/// <param name="Page">The number of the page, 1 for the first.</param>
/// <param name="From">The names that the first has found.</param>
/// <param name="To">The names that the second has found.</param>
public sealed record SearchDifference(string Query, int Limit, int Page, IReadOnlyList<string> From, IReadOnlyList<string> To)
{
    /// <summary>What tells it from other differences in JSON Lines.</summary>
    [JsonPropertyOrder(-1)]
    public string Difference => "search";

    /// <summary>A line of JSON Lines for it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DifferenceJson.Readable.SearchDifference);
}

/// <summary>What a difference is in JSON Lines.</summary>
internal sealed record DifferenceLine(string Difference, string Name, string? From, string? To);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DifferenceLine))]
[JsonSerializable(typeof(SearchDifference))]
internal sealed partial class DifferenceJson : JsonSerializerContext
{
    public static DifferenceJson Readable { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
