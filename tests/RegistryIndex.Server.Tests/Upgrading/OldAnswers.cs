using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Server.Tests.Upgrading;

/// <summary>The answers of a released program for an index that it had made.</summary>
/// <param name="Lines">The lines of its export.</param>
/// <param name="Status">Its status, as JSON without machine-specific values.</param>
/// <param name="Searches">Its searches.</param>
internal sealed record OldAnswers(IReadOnlyList<string> Lines, string Status, IReadOnlyList<OldSearch> Searches)
{
    /// <summary>The repositories that it listed, in its order.</summary>
    public IReadOnlyList<Repository> Repositories { get; } =
        [.. Lines.Select(line => JsonSerializer.Deserialize(line, OldJson.Default.OldRow)!).Select(row => new Repository(row.Name, row.Description))];

    /// <summary>Reads the answers, or those of a provider if they differ from SQLite's.</summary>
    public static OldAnswers Read(string folder, string provider, string index)
    {
        return new(
            ReadLines("list.jsonl"),
            File.ReadAllText(Path.Combine(folder, $"{index}.{provider}.status.json")).Trim(),
            [.. ReadLines("searches.jsonl").Select(line => JsonSerializer.Deserialize(line, OldJson.Default.OldSearch)!)]);

        string[] ReadLines(string what)
        {
            var own = Path.Combine(folder, $"{index}.{provider}.{what}");
            return File.ReadAllText(File.Exists(own) ? own : Path.Combine(folder, $"{index}.{what}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}

/// <summary>A search and its first pages.</summary>
internal sealed record OldSearch([property: JsonPropertyName("q")] string Query, [property: JsonPropertyName("n")] int Limit, IReadOnlyList<OldPage> Pages);

/// <summary>A page of a search: the names in their order, and the position after them.</summary>
internal sealed record OldPage(IReadOnlyList<string> Names, string? Continuation);

internal sealed record OldRow(string Name, string? Description);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OldRow))]
[JsonSerializable(typeof(OldSearch))]
internal sealed partial class OldJson : JsonSerializerContext;
