using System.Text.Json;

namespace RegistryIndex;

/// <summary>
/// Reads the JSON of facts that a store keeps. What was read last is remembered, because the same repositories are on most pages. Thread-safe.
/// </summary>
internal static class StoredFacts
{
    private const int Places = 1_024; // with texts and facts of some 12 KB at most each

    // By the hash of the JSON. A later text replaces an earlier one in the same place.
    private static readonly Known?[] Remembered = new Known?[Places];

    /// <returns>The facts within their bounds; null if this version cannot read them.</returns>
    public static RepositoryFacts? Read(string json)
    {
        ref var place = ref Remembered[(uint)json.GetHashCode(StringComparison.Ordinal) % Places];
        if (Volatile.Read(ref place) is { } known && known.Json == json)
            return known.Facts;
        var facts = FactsBounds.Apply(Parse(json));
        if (json.Length <= RepositoryFacts.MaxJsonBytes) // a later version may have written more
            Volatile.Write(ref place, new(json, facts));
        return facts;
    }

    private static RepositoryFacts? Parse(string json)
    {
        try
        {
            return RepositoryFacts.FromJson(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Known(string Json, RepositoryFacts? Facts);
}
