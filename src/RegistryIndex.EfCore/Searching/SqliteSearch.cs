using System.Globalization;
using System.Text;

namespace RegistryIndex.EfCore.Searching;

/// <summary>One statement of a search: its text with <c>{n}</c> for each parameter.</summary>
internal sealed record SearchStatement(string Sql, object[] Parameters);

/// <summary>
/// Writes the statements of a search for SQLite. The trigram index finds the candidates for words of three code points
/// and more; shorter words are looked for in the folded columns. Rank keys are computed, compared and cut to a page in
/// SQL, so that a page's rows are the only ones that leave it. SQLite's text functions count code points and its BINARY
/// order is that of UTF-8 bytes, as the contract wants both.
/// </summary>
/// <remarks>
/// LIMIT -1 keeps SQLite from folding the inner query into the outer one, where each expression would be computed as often
/// as it is named.
/// </remarks>
internal sealed class SqliteSearch(SearchQuery query, RankKey? after, int limit)
{
    private readonly List<object> _parameters = [];

    /// <summary>Every repository in name order: the query without words.</summary>
    public SearchStatement All() => new(
        $"""
        SELECT 0 AS tier, '' AS text, name, description FROM repository
        {(after is { } key ? $"WHERE name > {Parameter(key.Name)}" : "")}
        ORDER BY name LIMIT {Parameter(limit)}
        """,
        [.. _parameters]);

    /// <summary>The matches in names, tiers 1 and 2.</summary>
    public SearchStatement InNames()
    {
        var word = Parameter(query.RankingWord!);
        var tierOneOnly = SearchQuery.MatchesSegmentStartsOnly(query.RankingWord!);
        return Page(
            $"""
            SELECT id, name,
                CASE WHEN segment > 0 THEN 1 ELSE 2 END AS tier,
                substr(folded_name, CASE WHEN segment > 0 THEN segment ELSE anywhere END) AS text
            FROM (
                SELECT search.id, search.name, search.folded_name,
                    instr('/' || search.folded_name, '/' || {word}) AS segment,
                    instr(search.folded_name, {word}) AS anywhere
                FROM {Candidates("folded_name")} LIMIT -1)
            WHERE {(tierOneOnly ? "segment" : "anywhere")} > 0
            """);
    }

    /// <summary>The matches in descriptions of repositories whose names do not match, tier 3.</summary>
    public SearchStatement InDescriptions()
    {
        var word = Parameter(query.RankingWord!);
        return Page(
            $"""
            SELECT id, name, 3 AS tier, substr(rest, 1, min({RankKey.MaxDescriptionText}, instr(rest, ' ') - 1)) AS text
            FROM (
                SELECT search.id, search.name,
                    substr(search.folded_description, instr(search.folded_description, {word}), {RankKey.MaxDescriptionText + 1}) || ' ' AS rest
                FROM {Candidates("folded_description")}
                    AND instr(search.folded_name, {word}) = 0 {(IsIndexed(query.RankingWord!) ? "" : $"AND instr(search.folded_description, {word}) > 0")} LIMIT -1)
            """);
    }

    private SearchStatement Page(string ranked) => new(
        $"""
        SELECT page.tier, page.text, repository.name, repository.description
        FROM (
            SELECT id, name, tier, text FROM ({ranked})
            {(after is { } key ? $"WHERE (tier, text, name) > ({Parameter(key.Tier)}, {Parameter(key.Text)}, {Parameter(key.Name)})" : "")}
            ORDER BY tier, text, name LIMIT {Parameter(limit)}) AS page
        JOIN repository ON repository.id = page.id
        ORDER BY page.tier, page.text, page.name
        """,
        [.. _parameters]);

    // The tables and the condition that every word occurs; the caller goes on with AND.
    private string Candidates(string rankingColumn)
    {
        var phrases = query.Words.Where(IsIndexed).Select(word => word == query.RankingWord ? $"({rankingColumn} : {Phrase(word)})" : Phrase(word)).ToList();
        var from = new StringBuilder("registry_index_search AS search");
        if (phrases.Count > 0)
            from.Append(CultureInfo.InvariantCulture, $" JOIN registry_index_trigram AS trigram ON trigram.rowid = search.id WHERE registry_index_trigram MATCH {Parameter(string.Join(" AND ", phrases))}");
        else
            from.Append(" WHERE true");
        foreach (var word in query.Words.Where(word => !IsIndexed(word) && word != query.RankingWord))
        {
            var parameter = Parameter(word);
            from.Append(SearchQuery.MatchesSegmentStartsOnly(word)
                ? $" AND instr('/' || search.folded_name, '/' || {parameter}) > 0"
                : $" AND (instr(search.folded_name, {parameter}) > 0 OR instr(search.folded_description, {parameter}) > 0)");
        }

        return from.ToString();
    }

    // The trigram tokenizer makes nothing of fewer than three code points.
    private static bool IsIndexed(string word) => word.EnumerateRunes().Skip(2).Any();

    private static string Phrase(string word) => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private string Parameter(object value)
    {
        _parameters.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"{{{_parameters.Count - 1}}}");
    }
}
