using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.Tests.Starts;

/// <summary>A page of tier 1 is read from the index in its order: nothing is sorted, and no other row is looked at.</summary>
public sealed class StartPlanTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("app", null)]
    [InlineData("a", null)]
    [InlineData("app", "app-77")]
    public async Task On_SQLite(string query, string? after)
    {
        await using var database = await FilledAsync("SQLite");
        var plan = await ExplainAsync(database, query, after, "EXPLAIN QUERY PLAN ");
        plan.Should().Contain("SEARCH start USING PRIMARY KEY (").And.Contain("SEARCH repository USING INTEGER PRIMARY KEY (rowid=?)").And.NotContain("TEMP B-TREE").And.NotContain("SCAN start").And.NotContain("SCAN repository");
        plan.Should().Contain(after is null ? "(text>? AND text<?)" : "((text,unofficial,name_length,name)>(?,?,?,?) AND text<?)");
    }

    [Theory]
    [InlineData("app", null)]
    [InlineData("a", null)]
    [InlineData("app", "app-77")]
    public async Task On_PostgreSQL(string query, string? after)
    {
        await using var database = await FilledAsync("PostgreSQL");
        await database.ExecuteAsync("ANALYZE");
        var plan = await ExplainAsync(database, query, after, "EXPLAIN ");
        plan.Should().Contain("Index Scan using registry_index_start_pkey on registry_index_start start").And.Contain("Index Scan using repository_pkey on repository").And.NotContain("Sort").And.NotContain("Seq Scan").And.NotContain("Bitmap");
    }

    private static async Task<DatabaseOfTest> FilledAsync(string engine)
    {
        var database = await DatabaseOfTest.NewAsync(engine);
        var index = await database.OpenAsync();
        await index.ImportAsync(Enumerable.Range(0, 5_000).Select(i => new Repository($"team-{i % 97}/app-{i}", $"number {i}")).ToAsyncEnumerable(), cancellationToken: Stop);
        return database;
    }

    private static async Task<string> ExplainAsync(DatabaseOfTest of, string query, string? after, string explain)
    {
        await using var database = Databases.Open(new() { Database = of.Url }, new Lines());
        RankKey? key = after is null ? null : new(1, after, $"team-1/{after}");
        var statement = database.Search(SearchQuery.Parse(query), key, limit: 26).AtStarts();
        var sql = statement.Sql;
        for (var i = 0; i < statement.Parameters.Length; i++)
            sql = sql.Replace($"{{{i}}}", $"${i + 1}", StringComparison.Ordinal);
        return string.Join('\n', await of.ReadAsync(explain + sql, statement.Parameters));
    }
}
