using static RegistryIndex.Conformance.Tests.Mutants.BruteForce;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class RankingMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("orders results by name", "segment-starts-come-before-other-places", index => Ranking(index, (query, r) => query.Rank(r) is null ? null : new RankKey(0, "", r.Name), (left, right) => CodePointOrder.Comparer.Compare(left.Name, right.Name))),
        new("does not put exact names first", "a-name-or-end-of-one-that-equals-the-word-comes-first", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => left.Tier != right.Tier ? left.Tier - right.Tier : CodePointOrder.Comparer.Compare(left.Name, right.Name))),
        new("orders by the length of the rest", "a-name-or-end-of-one-that-equals-the-word-comes-first", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => left.Tier != right.Tier ? left.Tier - right.Tier : left.Text.Length != right.Text.Length ? left.Text.Length - right.Text.Length : left.CompareTo(right))),
        new("ignores the position in a name", "segment-starts-come-before-other-places", index => Ranking(index, (query, r) => query.Rank(r) is { Tier: 2 } key ? key with { Tier = 1 } : query.Rank(r))),
        new("uses the earliest path segment that matches", "the-last-segment-counts-and-then-the-earliest", index => Ranking(index, (query, r) => query.Rank(r) is { Tier: 1 } key ? key with { Text = Earliest(query, r) } : query.Rank(r))),
        new("uses the last path segment that matches", "the-last-segment-counts-and-then-the-earliest", index => Ranking(index, (query, r) => query.Rank(r) is { Tier: 1 } key ? key with { Text = key.Text[(key.Text.LastIndexOf("/" + query.RankingWord, StringComparison.Ordinal) + 1)..] } : query.Rank(r))),
        new("uses the last position in the name", "elsewhere-in-the-name-the-earliest-place-counts", index => Ranking(index, (query, r) => query.Rank(r) is { Tier: 2 } key ? key with { Text = key.Text[key.Text.LastIndexOf(query.RankingWord!, StringComparison.Ordinal)..] } : query.Rank(r))),
        new("counts a match in both as one in the description", "descriptions-come-last", index => Ranking(index, (query, r) => query.Rank("", "", Fold(r).Description) is { Tier: 3 } key ? key with { Name = r.Name } : query.Rank(r))),
        new("orders by the whole rest of the description", "a-description-ranks-by-the-rest-of-the-word", index => Ranking(index, (query, r) => query.Rank(r) is { Tier: 3 } key ? key with { Text = Rest(query, r) } : query.Rank(r))),
        new("ends words at plain spaces only", "a-description-ranks-by-the-rest-of-the-word", index => Ranking(index, (query, r) => query.Rank(r) is { Tier: 3 } key ? key with { Text = RawRest(key, r) } : query.Rank(r))),
        new("does not cut long words", "a-long-word-ranks-by-its-first-64-code-points", index => Ranking(index, (query, r) => query.Rank(r) is { Tier: 3 } key ? key with { Text = Rest(query, r).Split(' ')[0] } : query.Rank(r))),
        new("cuts long words at 64 UTF-16 units", "a-long-word-ranks-by-its-first-64-code-points", index => Ranking(index, (query, r) => query.Rank(r) is { Tier: 3, Text.Length: > 64 } key ? key with { Text = key.Text[..64] } : query.Rank(r))),
        new("orders equals by name alone", "of-equals-library-comes-first-and-then-the-shorter-name", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => ByText(left, right) is not 0 and var by ? by : CodePointOrder.Comparer.Compare(left.Name, right.Name))),
        new("treats every namespace that ends in library as the official one", "of-equals-library-comes-first-and-then-the-shorter-name", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => ByText(left, right) is not 0 and var by ? by : (right.Name.Contains("library/", StringComparison.Ordinal).CompareTo(left.Name.Contains("library/", StringComparison.Ordinal)), left.CompareTo(right)) is (not 0 and var library, _) ? library : left.CompareTo(right))),
        new("orders shorter names before official ones", "of-equals-library-comes-first-and-then-the-shorter-name", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => ByText(left, right) is not 0 and var by ? by : (left.NameLength - right.NameLength, left.CompareTo(right)) is (not 0 and var length, _) ? length : left.CompareTo(right))),
        new("ignores the length of names", "of-equals-library-comes-first-and-then-the-shorter-name", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => ByText(left, right) is not 0 and var by ? by : (right.IsOfficial.CompareTo(left.IsOfficial), CodePointOrder.Comparer.Compare(left.Name, right.Name)) is (not 0 and var official, _) ? official : CodePointOrder.Comparer.Compare(left.Name, right.Name))),
        new("orders equals by name without regard to case", "of-equals-library-comes-first-and-then-the-shorter-name", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => ByText(left, right) is not 0 and var by ? by : (StringComparer.OrdinalIgnoreCase.Compare(left.Name, right.Name), left.CompareTo(right)) is (not 0 and var name, _) ? name : left.CompareTo(right))),
        new("orders equals backwards", "of-equals-library-comes-first-and-then-the-shorter-name", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => left.Tier == right.Tier && left.Text == right.Text ? CodePointOrder.Comparer.Compare(right.Name, left.Name) : left.CompareTo(right))),
        new("orders by UTF-16 unit", "text-is-ordered-by-code-point", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => left.Tier != right.Tier ? left.Tier - right.Tier : string.CompareOrdinal(left.Text, right.Text) is not 0 and var by ? by : string.CompareOrdinal(left.Name, right.Name))),
        new("orders accented letters beside plain ones", "text-is-ordered-by-code-point", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => (left with { Text = Plain(left.Text) }).CompareTo(right with { Text = Plain(right.Text) }))),
        new("ranks by the first word", "the-last-word-ranks", index => Ranking(index, (query, r) => query.Rank(r) is null ? null : query.Words.Count == 0 ? query.Rank(r) : SearchQuery.Parse(query.Words[0]).Rank(r))),
        new("ranks by the longest word", "the-last-word-ranks", index => Ranking(index, (query, r) => query.Rank(r) is null ? null : query.Words.Count == 0 ? query.Rank(r) : SearchQuery.Parse(query.Words.MaxBy(word => word.EnumerateRunes().Count())).Rank(r))),
        new("ranks by the longest word, of equals the last", "the-last-word-ranks", index => Ranking(index, (query, r) => query.Rank(r) is null ? null : query.Words.Count == 0 ? query.Rank(r) : SearchQuery.Parse(query.Words.Reverse().MaxBy(word => word.EnumerateRunes().Count())).Rank(r))),
        new("keeps 64 characters of a name from where a segment starts", "a-name-or-end-of-one-that-equals-the-word-comes-first", index => Ranking(index, (query, r) => query.Rank(r) is { Tier: 1, Text.Length: > 64 } key ? key with { Text = key.Text[..64] } : query.Rank(r))),
        new("keeps 64 characters of a name from another place", "elsewhere-in-the-name-the-earliest-place-counts", index => Ranking(index, (query, r) => query.Rank(r) is { Tier: 2, Text.Length: > 64 } key ? key with { Text = key.Text[..64] } : query.Rank(r))),
        new("counts the characters of a name up to 99", "of-equals-library-comes-first-and-then-the-shorter-name", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => ByLength(left, right, key => Math.Min(99, key.NameLength)))),
        new("counts UTF-16 units of a name", "odd-names-of-a-predecessor-rank-by-the-same-rules", index => Ranking(index, (query, r) => query.Rank(r), (left, right) => ByLength(left, right, key => key.Name.Length))),
        new("ignores an empty last segment", "odd-names-of-a-predecessor-rank-by-the-same-rules", index => Ranking(index, (query, r) => query.Rank(r.Name.TrimEnd('/'), Fold(r).Name.TrimEnd('/'), Fold(r).Description) is { Tier: 1 } key ? key with { Name = r.Name, Text = key.Text + r.Name[r.Name.TrimEnd('/').Length..] } : query.Rank(r))),
        new("ignores empty segments", "odd-names-of-a-predecessor-rank-by-the-same-rules", index => Ranking(index, (query, r) => query.Rank(r) is { Tier: 1, Text: ['/', ..] } key ? key with { Tier = 2 } : query.Rank(r))),
    ];

    private static int ByLength(RankKey left, RankKey right, Func<RankKey, int> length) => ByText(left, right) is not 0 and var text ? text
        : right.IsOfficial.CompareTo(left.IsOfficial) is not 0 and var official ? official
        : length(left) - length(right) is not 0 and var shorter ? shorter
        : CodePointOrder.Comparer.Compare(left.Name, right.Name);

    private static int ByText(RankKey left, RankKey right) => (left with { Name = "" }).CompareTo(right with { Name = "" });

    private static string Earliest(SearchQuery query, Repository repository) =>
        Fold(repository).Name is var name && name.StartsWith(query.RankingWord!, StringComparison.Ordinal) ? name : name[(name.IndexOf("/" + query.RankingWord, StringComparison.Ordinal) + 1)..];

    private static string Rest(SearchQuery query, Repository repository) =>
        Fold(repository).Description is var text ? text[text.IndexOf(query.RankingWord!, StringComparison.Ordinal)..] : "";

    private static string RawRest(RankKey key, Repository repository) =>
        repository.Description!.Contains('\u00a0', StringComparison.Ordinal) || repository.Description.Contains('\u2003', StringComparison.Ordinal) ? key.Text + "\u00a0" : key.Text;

    private static string Plain(string text) => text.Replace('ä', 'a').Replace('é', 'e');
}
