using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Migration;

/// <summary>A repository that differs between two indexes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">The repository in the first index; null if it does not exist.</param>
/// <param name="To">The repository in the second index; null if it does not exist.</param>
public sealed record RepositoryDifference(string Name, Repository? From, Repository? To)
{
    /// <summary>Returns the difference as a line of JSON Lines.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        IsOfFacts
            ? new DifferenceLine("facts", Name, From!.Facts?.ToJson(), To!.Facts?.ToJson())
            : new DifferenceLine(To is null ? "missing" : From is null ? "extra" : "description", Name, From?.Description, To?.Description),
        DifferenceJson.Readable.DifferenceLine);

    /// <summary>Whether both have the repository, with the same description and other facts.</summary>
    internal bool IsOfFacts => From is not null && To is not null && From.Description == To.Description;
}

/// <summary>A page of a search that differs between two indexes.</summary>
/// <param name="Query">The text of the search.</param>
/// <param name="Limit">The page size.</param>
/// <param name="Page">The number of the page, 1 for the first.</param>
/// <param name="From">The names that the first index found.</param>
/// <param name="To">The names that the second index found.</param>
public sealed record SearchDifference(string Query, int Limit, int Page, IReadOnlyList<string> From, IReadOnlyList<string> To)
{
    /// <summary>The kind of this difference in JSON Lines.</summary>
    [JsonPropertyOrder(-1)]
    public string Difference => "search";

    /// <summary>Returns the difference as a line of JSON Lines.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DifferenceJson.Readable.SearchDifference);
}

/// <summary>A difference in JSON Lines.</summary>
internal sealed record DifferenceLine(string Difference, string Name, string? From, string? To);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DifferenceLine))]
[JsonSerializable(typeof(SearchDifference))]
internal sealed partial class DifferenceJson : JsonSerializerContext
{
    public static DifferenceJson Readable { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
