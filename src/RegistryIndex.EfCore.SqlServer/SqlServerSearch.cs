using System.Text;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.SqlServer;

/// <summary>
/// A search on SQL Server, which reads the folded columns of every row. In a UTF-8 collation, the text functions count code points.
/// </summary>
internal sealed class SqlServerSearch(IndexDatabase database, SearchQuery query, RankKey? after, int limit) : SearchSql(database, query, after, limit)
{
    protected override string Apart => "";

    protected override string StoredName => $"name COLLATE {SqlServerStatements.Collation}";

    protected override string Position(string text, string word) => $"CHARINDEX({word}, {text})";

    protected override string Concatenate(string left, string right) => $"({left} + {right})";

    protected override string From(string text, string position) => $"SUBSTRING({text}, {position}, 1400)";

    protected override string Cut(string text, string count) => $"LEFT({text}, {count})";

    protected override string Limit(string count) => $"OFFSET 0 ROWS FETCH NEXT {count} ROWS ONLY";

    protected override string Exists(string query) => $"CAST(CASE WHEN EXISTS ({query}) THEN 1 ELSE 0 END AS BIT)";

    // LEN ignores trailing spaces; folded text has none.
    protected override string Length(string text) => $"LEN({text})";

    protected override string LastSegmentPosition(string name) => $"LEN({name}) - CHARINDEX('/', REVERSE({Concatenate("'/'", name)})) + 2";

    // SQL Server has no comparison of rows. The separate comparison of the first column allows an index seek.
    protected override string IsAfter(IReadOnlyList<string> columns, IReadOnlyList<string> values)
    {
        var isAfter = $"{columns[^1]} > {values[^1]}";
        foreach (var (column, value) in columns.Zip(values).SkipLast(1).Reverse())
            isAfter = $"({column} > {value} OR {column} = {value} AND {isAfter})";
        return $"{columns[0]} >= {values[0]} AND {isAfter}";
    }

    protected override void AddIndexed(StringBuilder from, string rankingColumn) => from.Append(" WHERE 1 = 1");

    protected override bool IsIndexed(string word) => false;

    protected override string Parameter(object value) => value is string ? SqlServerStatements.Utf8(base.Parameter(value)) : base.Parameter(value);
}
