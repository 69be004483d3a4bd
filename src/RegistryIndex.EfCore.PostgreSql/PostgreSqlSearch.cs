using System.Globalization;
using System.Text;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.PostgreSql;

/// <summary>
/// A search on PostgreSQL: LIKE on the folded columns, which the trigram indexes answer for words of three code points and
/// more where they are there, and a look at every row where they are not. Its text functions count code points, and the
/// columns are of collation "C", which is the order of bytes.
/// </summary>
internal sealed class PostgreSqlSearch(IndexDatabase database, SearchQuery query, RankKey? after, int limit) : SearchSql(database, query, after, limit)
{
    protected override string Apart => "OFFSET 0";

    protected override string StoredName => "name COLLATE \"C\"";

    // A number that is there when the statement is planned, and so is part of the plan that is kept: no page is larger.
    protected override string StartsWithRepositories(string range) =>
        $"{FirstStarts(range, string.Create(CultureInfo.InvariantCulture, $"{SearchRequest.MaxLimit + 1}"))} JOIN repository ON repository.id = start.id";

    // Compared as rows, it is no range to the planner, which would take that for a few rows where it knows nothing better, and sort them all.
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

    // A pattern with no three characters beside each other is no business of the index.
    protected override bool IsIndexed(string word) => word.EnumerateRunes().Skip(2).Any();

    private static string Escape(string word) => word
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal);
}
