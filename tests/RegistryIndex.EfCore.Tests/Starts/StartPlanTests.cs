using RegistryIndex.EfCore.Opening;

namespace RegistryIndex.EfCore.Tests.Starts;

/// <summary>A page of tier 1 is read from the index in its order, without a sort and without other rows.</summary>
public sealed class StartPlanTests
{
    /// <summary>Words and positions, with and without statistics, with custom and generic plans.</summary>
    public static TheoryData<string, string?, bool, bool> PostgreSqlPlans => [.. from search in new (string, string?)[] { ("app", null), ("a", null), ("app", "app-77") }
        from isAnalyzed in new[] { false, true } from isKept in new[] { false, true } select new TheoryDataRow<string, string?, bool, bool>(search.Item1, search.Item2, isAnalyzed, isKept)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("app", null)]
    [InlineData("a", null)]
    [InlineData("app", "app-77")]
    public async Task On_SQLite_a_search_uses_the_index_of_starts(string query, string? after)
    {
        await using var database = await FilledAsync("SQLite");
        var plan = await ExplainAsync(database, query, after, "EXPLAIN QUERY PLAN ");
        plan.Should().Contain("SEARCH start USING PRIMARY KEY (").And.Contain("SEARCH repository USING INTEGER PRIMARY KEY (rowid=?)").And.NotContain("TEMP B-TREE").And.NotContain("SCAN start").And.NotContain("SCAN repository");
        plan.Should().Contain(after is null ? "(text>? AND text<?)" : "((text,unofficial,name_length,name)>(?,?,?,?) AND text<?)");
    }

    [Theory]
    [MemberData(nameof(PostgreSqlPlans))]
    public async Task On_PostgreSQL_a_search_uses_the_index_of_starts(string query, string? after, bool isAnalyzed, bool isKept)
    {
        await using var database = await FilledAsync("PostgreSQL");
        await database.ExecuteAsync($"""
            ALTER TABLE registry_index_start SET (autovacuum_enabled = {!isAnalyzed}); ALTER TABLE repository SET (autovacuum_enabled = {!isAnalyzed});
            DO $do$ BEGIN EXECUTE format('ALTER DATABASE %I SET plan_cache_mode = force_generic_plan', current_database()); END $do$
            """);
        if (isAnalyzed)
            await database.ExecuteAsync("ANALYZE");
        var plan = await ExplainAsync(database, query, after, isKept ? null : "EXPLAIN ");
        plan.Should().Contain("Index Scan using registry_index_start_pkey on registry_index_start start").And.Contain("Index Scan using repository_pkey on repository").And.NotContain("Sort").And.NotContain("Seq Scan").And.NotContain("Bitmap");
        plan.Should().Contain(isKept ? "$1" : "'a", "the plan must use the parameters");
    }

    private static async Task<TestDatabase> FilledAsync(string engine)
    {
        var database = await TestDatabase.NewAsync(engine);
        var index = await database.OpenAsync();
        await index.ImportAsync(Enumerable.Range(0, 5_000).Select(i => new Repository($"team-{i % 97}/app-{i}", $"number {i}", i % 3 == 0 ? new() { Tag = "1" } : null)).ToAsyncEnumerable(), cancellationToken: Stop);
        return database;
    }

    private static async Task<string> ExplainAsync(TestDatabase of, string query, string? after, string? explain)
    {
        await using var database = Databases.Open(new EfCoreIndexOptions { Database = of.Url }.WithEngines(), new Lines());
        RankKey? key = after is null ? null : new(1, after, $"team-1/{after}");
        var statement = database.Search(SearchQuery.Parse(query), key, limit: 26).AtStarts();
        var sql = statement.Sql;
        for (var i = statement.Parameters.Length - 1; i >= 0; i--)
            sql = sql.Replace(Engines.SearchStatement.Parameter(i), $"${i + 1}", StringComparison.Ordinal);
        if (explain is not null)
            return string.Join('\n', await of.ReadAsync(explain + sql, statement.Parameters));
        var parameters = statement.Parameters.Select(parameter => parameter is string text ? $"'{text}'" : $"{parameter}");
        return string.Join('\n', await of.ReadAsync($"PREPARE search AS {sql}; EXPLAIN EXECUTE search ({string.Join(", ", parameters)})"));
    }
}
