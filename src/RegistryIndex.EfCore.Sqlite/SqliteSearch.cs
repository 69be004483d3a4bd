using System.Globalization;
using System.Text;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>
/// A search on SQLite. For words of three or more code points, the FTS5 trigram index finds the candidates. Shorter
/// words are looked for in the folded columns.
/// </summary>
internal sealed class SqliteSearch(IndexDatabase database, SearchQuery query, RankKey? after, int limit) : SearchSql(database, query, after, limit)
{
    protected override string Apart => "LIMIT -1";

    protected override string StartsWithRepositories(string range) => $"registry_index_start AS start CROSS JOIN repository ON repository.id = start.id {range}";

    protected override string Position(string text, string word) => $"instr({text}, {word})";

    protected override void AddIndexed(StringBuilder from, string rankingColumn)
    {
        var phrases = Query.Words.Where(IsIndexed).Select(word => word == Query.RankingWord ? $"({rankingColumn} : {Phrase(word)})" : Phrase(word)).ToList();
        if (phrases.Count > 0)
            from.Append(CultureInfo.InvariantCulture, $" JOIN registry_index_trigram AS trigram ON trigram.rowid = search.id WHERE registry_index_trigram MATCH {Parameter(string.Join(" AND ", phrases))}");
        else
            from.Append(" WHERE true");
    }

    // The trigram tokenizer produces no tokens for fewer than three code points.
    protected override bool IsIndexed(string word) => word.EnumerateRunes().Skip(2).Any();

    private static string Phrase(string word) => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
