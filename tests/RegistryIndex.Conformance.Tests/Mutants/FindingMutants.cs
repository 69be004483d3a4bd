using System.Text;
using System.Text.RegularExpressions;
using static RegistryIndex.Conformance.Tests.Mutants.BruteForce;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class FindingMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("searches with regard to case", "case-is-folded-by-the-frozen-table", index => Ranking(index, (query, r) => query.Rank(r.Name, r.Name, r.Description ?? ""))),
        new("folds case with the runtime's ToLowerInvariant", "case-is-folded-by-the-frozen-table", index => Folding(index, text => Spaced(text).ToLowerInvariant())),
        new("folds ASCII only, as a database's LIKE", "case-is-folded-by-the-frozen-table", index => Folding(index, text => string.Concat(Spaced(text).Select(c => char.IsAscii(c) ? char.ToLowerInvariant(c) : c)))),
        new("lowers case in the language of a Turkish host", "the-turkish-i-is-a-letter-of-its-own", index => Folding(index, text => RegistryIndex.Folding.Fold(text.Replace('I', 'ı').Replace('İ', 'i')))),
        new("lowers the dotted capital I to i", "the-turkish-i-is-a-letter-of-its-own", index => Folding(index, text => RegistryIndex.Folding.Fold(text.Replace('İ', 'i')))),
        new("folds ß to ss", "nothing-is-normalized", index => Folding(index, text => RegistryIndex.Folding.Fold(text).Replace("ß", "ss", StringComparison.Ordinal))),
        new("ignores accents, as a collation does", "nothing-is-normalized", index => Folding(index, text => RegistryIndex.Folding.Fold(text).Replace("é", "e", StringComparison.Ordinal).Replace("\u0301", "", StringComparison.Ordinal))),
        new("composes letters and accents", "nothing-is-normalized", index => Folding(index, text => RegistryIndex.Folding.Fold(text).Replace("e\u0301", "é", StringComparison.Ordinal))),
        new("removes white space instead of folding it", "white-space-and-control-characters-separate-words", index => Folding(index, text => string.Concat(text.EnumerateRunes().Where(rune => rune.Value == ' ' || !Rune.IsWhiteSpace(rune)).Select(rune => RegistryIndex.Folding.Fold(rune.ToString()) is "" ? " " : RegistryIndex.Folding.Fold(rune.ToString()))))),
        new("treats a zero-width space as white space", "white-space-and-control-characters-separate-words", index => Folding(index, text => RegistryIndex.Folding.Fold(text.Replace('\u200b', ' ')))),
        new("compares the first 64 characters of a word only", "a-query-may-be-as-long-as-allowed", index => Ranking(index, (query, r) => SearchQuery.Parse(string.Join(' ', query.Words.Select(word => word.Length > 64 ? word[..64] : word))).Rank(r))),
        new("uses only the first four words", "a-query-may-be-as-long-as-allowed", index => Ranking(index, (query, r) => SearchQuery.Parse(string.Join(' ', query.Words.Take(4))).Rank(r))),
        new("treats % as any text, as LIKE without ESCAPE", "special-characters-are-ordinary", index => Finding(index, (query, r) => query.Words.All(word => Like(word, "%", r)))),
        new("treats _ as any character, as LIKE without ESCAPE", "special-characters-are-ordinary", index => Finding(index, (query, r) => query.Words.All(word => Like(word, "_", r)))),
        new("treats * as any text", "special-characters-are-ordinary", index => Finding(index, (query, r) => query.Words.All(word => Like(word, "*", r)))),
        new("omits backslashes", "special-characters-are-ordinary", index => Ranking(index, (query, r) => SearchQuery.Parse(query.ToString().Replace("\\", "", StringComparison.Ordinal)).Rank(r))),
        new("breaks its own statement with a quote", "special-characters-are-ordinary", index => new AlteredIndex(index)
        {
            Search = (request, cancellation) => request.Query.ToString().Contains('\'', StringComparison.Ordinal)
                ? throw new RegistryIndexException(index.Provider, "search", "unterminated string in statement.", mayRetry: false)
                : index.SearchAsync(request, cancellation),
        }),
        new("omits AND, OR and NOT from a query", "words-like-operators-are-words", index => Ranking(index, (query, r) => SearchQuery.Parse(string.Join(' ', query.Words.Where(word => word is not ("and" or "or" or "not")))).Rank(r))),
        new("requires the whole query as one text", "every-word-must-occur", index => Finding(index, (query, r) => Fold(r).Name.Contains(query.ToString(), StringComparison.Ordinal) || Fold(r).Description.Contains(query.ToString(), StringComparison.Ordinal))),
        new("finds repositories with any of the words", "every-word-must-occur", index => Finding(index, (query, r) => query.Words.Count == 0 || query.Words.Any(word => SearchQuery.Parse(word).Rank(r) is not null))),
        new("requires all words in one field", "every-word-must-occur", index => Finding(index, (query, r) => query.Words.All(word => Fold(r).Name.Contains(word, StringComparison.Ordinal)) || query.Words.All(word => Fold(r).Description.Contains(word, StringComparison.Ordinal)))),
        new("searches whole words only", "every-piece-of-a-description-finds-it", index => Finding(index, (query, r) => query.Words.All(word => Fold(r).Name.Contains(word, StringComparison.Ordinal) || Fold(r).Description.Split(' ').Contains(word)))),
        new("finds the beginnings of names and path segments only", "every-piece-of-a-name-finds-it", index => Finding(index, (query, r) => query.Words.All(word => Fold(r).Name.Split('/').Any(segment => segment.StartsWith(word, StringComparison.Ordinal)) || Fold(r).Description.Contains(word, StringComparison.Ordinal)))),
        new("searches each path segment by itself", "every-piece-of-a-name-finds-it", index => Finding(index, (query, r) => query.Words.All(word => Fold(r).Name.Split('/').Any(segment => segment.Contains(word, StringComparison.Ordinal)) || Fold(r).Description.Contains(word, StringComparison.Ordinal)))),
        new("finds nothing under three characters, as a trigram index", "every-piece-of-a-description-finds-it", index => Finding(index, (query, r) => query.Words.All(word => word.Length > 2 || word.Length == 1) && query.Rank(r) is not null)),
        new("applies the rule of one character to all scripts", "a-single-character-that-is-not-ascii-is-found-anywhere", index => Finding(index, (query, r) => query.Words.All(word => word.EnumerateRunes().Count() > 1 || Fold(r).Name.Split('/').Any(segment => segment.StartsWith(word, StringComparison.Ordinal))) && query.Rank(r) is not null)),
        new("does not know the rule of one character", "one-ascii-character-matches-segment-starts", index => Finding(index, (query, r) => query.Words.All(word => Fold(r).Name.Contains(word, StringComparison.Ordinal) || Fold(r).Description.Contains(word, StringComparison.Ordinal)))),
        new("treats . and - as starts of path segments", "one-ascii-character-matches-segment-starts", index => Finding(index, (query, r) => query.Rank(r) is not null || (query.Words is [{ Length: 1 } word] && Fold(r).Name.Split('/', '.', '-').Any(piece => piece.StartsWith(word, StringComparison.Ordinal))))),
        new("does not search descriptions", "every-piece-of-a-description-finds-it", index => Ranking(index, (query, r) => query.Rank(new Repository(r.Name)))),
        new("searches name and description in one text", "a-word-does-not-run-from-name-to-description", index => Finding(index, (query, r) => query.Words.All(word => (Fold(r).Name + Fold(r).Description).Contains(word, StringComparison.Ordinal)))),
        new("searches descriptions without their spaces", "a-word-does-not-run-from-name-to-description", index => Finding(index, (query, r) => query.Rank(r) is not null || query.Words.All(word => Fold(r).Description.Replace(" ", "", StringComparison.Ordinal).Contains(word, StringComparison.Ordinal)))),
        new("treats a missing description as the text null", "a-description-may-be-absent", index => Ranking(index, (query, r) => query.Rank(new Repository(r.Name, r.Description ?? "null")))),
        new("finds nothing for an empty query", "a-query-without-words-finds-everything", index => Finding(index, (query, r) => query.Words.Count > 0 && query.Rank(r) is not null)),
        new("finds only what a word index of its predecessor would not", "what-the-predecessors-found-is-found", index => Finding(index, (query, r) => query.Rank(r) is { Tier: < 3 })),
    ];

    private static bool Like(string word, string wildcard, Repository repository)
    {
        var pattern = new Regex(string.Join(wildcard == "_" ? "." : ".*", word.Split(wildcard).Select(Regex.Escape)), RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        return pattern.IsMatch(Fold(repository).Name) || pattern.IsMatch(Fold(repository).Description);
    }

    // Treats all white space as one space, so that only the case is wrong.
    private static string Spaced(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
