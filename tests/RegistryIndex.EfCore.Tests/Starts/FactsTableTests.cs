using RegistryIndex.EfCore.Opening;

namespace RegistryIndex.EfCore.Tests.Starts;

/// <summary>The table of facts: the rows that a page reads, an older program beside it, and tables of the previous version.</summary>
public sealed class FactsTableTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_SQLite_a_page_by_push_is_a_range_of_the_index(bool isLater)
    {
        await using var database = await FilledAsync("SQLite", 1_000);
        var plan = await ExplainAsync(database, isLater, "EXPLAIN QUERY PLAN ");
        plan.Should().Contain("registry_index_facts USING INDEX registry_index_facts_push").And.Contain("SEARCH repository USING INTEGER PRIMARY KEY (rowid=?)").And.NotContain("SCAN repository");
        plan.Should().Contain($"SEARCH registry_index_facts USING INDEX registry_index_facts_push ({(isLater ? "(push,name)>(?,?) AND " : "")}push<?)");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_PostgreSQL_a_page_by_push_reads_only_its_rows(bool isLater)
    {
        await using var database = await FilledAsync("PostgreSQL", 5_000);
        await database.ExecuteAsync("ANALYZE");
        var plan = await ExplainAsync(database, isLater, "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) ");
        plan.Should().Contain("Index Scan using registry_index_facts_push on registry_index_facts").And.Contain("(actual rows=26 loops=1)").And.NotContain("Seq Scan").And.NotContain("Bitmap");
        plan.Should().NotMatchRegex("actual rows=(?!26 |1 |0 )");
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task Repositories_without_a_known_push_are_read_by_name_from_the_position_of_the_page(string engine)
    {
        await using var database = await FilledAsync(engine, 5_000);
        var isSqlite = engine == "SQLite";
        if (!isSqlite)
            await database.ExecuteAsync("ANALYZE");
        var plan = await ExplainAsync(database, isSqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) ", of => of.Search(SearchQuery.Parse(""), new(0, PushOrder.Unknown, "team-1/app"), limit: 26).Unpushed());
        plan.Should().Contain(isSqlite ? "SEARCH repository USING INDEX sqlite_autoindex_repository_1 (name>?)" : "Index Scan using repository_name_key on repository").And.NotContain("SCAN").And.NotContain("Seq Scan").And.NotContain("Sort").And.NotContain("TEMP B-TREE");
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task Repositories_without_facts_have_no_rows(string engine)
    {
        await using var database = await FilledAsync(engine, 9);
        (await database.ReadAsync("SELECT count(*) FROM registry_index_facts")).Should().Equal("6");
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task Deletes_and_adds_of_an_older_program_are_adopted_at_the_next_start(string engine)
    {
        await using var database = await TestDatabase.NewAsync(engine);
        var index = await database.OpenAsync();
        foreach (var (name, i) in new[] { "gone", "stays", "again" }.Select((name, i) => (name, i)))
            await index.UpsertAsync(new(name, "text", new() { Tag = "1", PushedAt = Noon.AddDays(i) }), Stop);
        await database.ExecuteAsync("DELETE FROM registry_index_text WHERE name IN ('gone', 'again'); DELETE FROM repository WHERE name IN ('gone', 'again')");
        await database.ExecuteAsync("INSERT INTO repository (id, name, description) VALUES (70, 'again', 'text'); INSERT INTO registry_index_text (id, name, folded_name, folded_description) VALUES (70, 'again', 'again', 'text')");

        (await PushedAsync(index)).Should().Equal(new Repository("stays", "text", new() { Tag = "1", PushedAt = Noon.AddDays(1) }), new Repository("again", "text"));
        (await index.GetAsync("again", Stop)).Should().Be(new Repository("again", "text"));
        (await PushedAsync(await database.OpenAsync())).Select(one => one.Name).Should().Equal("stays", "again");
        (await database.ReadAsync("SELECT name FROM registry_index_facts")).Should().Equal("stays");

        await index.UpsertAsync(new("again", "text", new() { PushedAt = Noon.AddDays(5) }), Stop);
        (await PushedAsync(index)).Select(one => one.Name).Should().Equal("again", "stays");
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task Tables_of_version_2_are_read_without_facts_and_upgraded_at_the_next_start(string engine)
    {
        await using var database = await TestDatabase.NewAsync(engine);
        var first = await database.OpenAsync();
        foreach (var name in (string[])["c", "a", "b"])
            await first.UpsertAsync(new(name, $"text of {name}"), Stop);
        await database.ExecuteAsync("DROP TABLE registry_index_facts; UPDATE registry_index_state SET value = '2' WHERE name = 'schema'");

        var reader = await database.OpenAsync(initialize: false);
        (await reader.OpenForReadingAsync(Stop)).Should().Be(SourceState.Searchable);
        (await reader.GetAsync("a", Stop)).Should().Be(new Repository("a", "text of a"));
        (await reader.SearchAsync(new("text"), Stop)).Repositories.Should().HaveCount(3);
        (await PushedAsync(reader)).Select(one => one.Name).Should().Equal("a", "b", "c");
        (await database.ReadAsync("SELECT value FROM registry_index_state WHERE name = 'schema'")).Should().Equal("2");

        var index = await database.OpenAsync();
        (await PushedAsync(index)).Select(one => one.Name).Should().Equal("a", "b", "c");
        (await index.UpsertAsync(new("c", "text of c", new() { PushedAt = Noon }), Stop)).Should().Be(UpsertOutcome.Updated);
        (await PushedAsync(index)).Select(one => one.Name).Should().Equal("c", "a", "b");
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task A_change_of_facts_writes_only_their_row_and_unreadable_facts_count_as_none(string engine)
    {
        await using var database = await TestDatabase.NewAsync(engine);
        var index = await database.OpenAsync();
        await index.UpsertAsync(new("app", "text"), Stop);
        var changes = await database.ReadAsync("SELECT count(*) FROM registry_index_change");
        await index.UpsertAsync(new("app", "text", new() { Tag = "1" }), Stop);
        (await database.ReadAsync("SELECT count(*) FROM registry_index_change")).Should().Equal(changes);

        await database.ExecuteAsync("UPDATE registry_index_facts SET facts = '[1]'");
        (await index.SearchAsync(new("app"), Stop)).Repositories.Should().Equal(new Repository("app", "text"));
        await index.UpsertAsync(new("app", "text", new() { Tag = "2" }), Stop);
        (await index.GetAsync("app", Stop)).Should().Be(new Repository("app", "text", new() { Tag = "2" }));
    }

    private static async Task<List<Repository>> PushedAsync(EfCoreRegistryIndex index)
    {
        var all = new List<Repository>();
        for (var page = await index.SearchAsync(new("", 1, order: SearchOrder.Pushed), Stop); ; page = await index.SearchAsync(new("", 1, page.Continuation, SearchOrder.Pushed), Stop))
        {
            all.AddRange(page.Repositories);
            if (page.Continuation is null)
                return all;
        }
    }

    private static async Task<TestDatabase> FilledAsync(string engine, int count)
    {
        var database = await TestDatabase.NewAsync(engine);
        var index = await database.OpenAsync();
        await index.ImportAsync(Enumerable.Range(0, count).Select(i => new Repository($"team-{i % 97}/app-{i}", $"number {i}", i % 3 == 0 ? null : new() { Tag = "1", PushedAt = Noon.AddMinutes(i % 977) })).ToAsyncEnumerable(), cancellationToken: Stop);
        return database;
    }

    private static Task<string> ExplainAsync(TestDatabase of, bool isLater, string explain)
    {
        RankKey? after = isLater ? new(0, PushOrder.TextOf(Noon.AddMinutes(500)), "team-1/app") : null;
        return ExplainAsync(of, explain, database => database.Search(SearchQuery.Parse(""), after, limit: 26).Pushed());
    }

    private static async Task<string> ExplainAsync(TestDatabase of, string explain, Func<Engines.IndexDatabase, Engines.SearchStatement> write)
    {
        await using var database = Databases.Open(new EfCoreIndexOptions { Database = of.Url }.WithEngines(), new Lines());
        var statement = write(database);
        var sql = statement.Sql;
        for (var i = statement.Parameters.Length - 1; i >= 0; i--)
            sql = sql.Replace(Engines.SearchStatement.Parameter(i), $"${i + 1}", StringComparison.Ordinal);
        return string.Join('\n', await of.ReadAsync(explain + sql, statement.Parameters));
    }
}
