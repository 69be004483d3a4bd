using System.Globalization;
using System.Text;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.PostgreSql;

/// <summary>
/// A search on PostgreSQL. It uses LIKE on the folded columns: for words of three or more code points, the trigram indexes answer
/// it if they exist. Otherwise the search reads every row. The text functions count code points, and the columns have the
/// collation "C", which is the order of bytes.
/// </summary>
internal sealed class PostgreSqlSearch(IndexDatabase database, SearchQuery query, RankKey? after, int limit) : SearchSql(database, query, after, limit)
{
    protected override string Apart => "OFFSET 0";

    protected override string StoredName => "name COLLATE \"C\"";

    // The limit is a constant, so that it is known when the statement is planned and becomes part of the cached plan. No page is larger.
    protected override string StartsWithRepositories(string range) =>
        $"{FirstStarts(range, string.Create(CultureInfo.InvariantCulture, $"{SearchRequest.MaxLimit + 1}"))} JOIN repository ON repository.id = start.id";

    // The planner does not take a comparison of rows for a range. Without better knowledge, it would expect few rows in a range and sort them all.
    protected override string IsBefore(string text) => $"(start.text, start.unofficial) < ({text}, 0)";

    protected override string Position(string text, string word) => $"strpos({text}, {word})";

    protected override void AddIndexed(StringBuilder from, string rankingColumn)
    {
        from.Append(" WHERE true");
        foreach (var word in Query.Words.Where(IsIndexed))
        {
            var pattern = Parameter($"%{Escape(word)}%");
            from.Append(word == Query.RankingWord
                ? $" AND search.{rankingColumn} LIKE {pattern}"
                : $" AND (search.folded_name LIKE {pattern} OR search.folded_description LIKE {pattern})");
        }
    }

    // The trigram index cannot use a pattern without three adjacent characters.
    protected override bool IsIndexed(string word) => word.EnumerateRunes().Skip(2).Any();

    private static string Escape(string word) => word
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal);
}
