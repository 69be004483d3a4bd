using RegistryIndex.Conformance;
using RegistryIndex.EfCore.PostgreSql;

namespace RegistryIndex.EfCore.Tests;

/// <summary>Searches with and without the trigram indexes.</summary>
public sealed class PostgreSqlSearchTests : IAsyncLifetime
{
    private PostgreSqlTestDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await PostgreSqlTestDatabase.NewAsync();

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task The_plan_of_a_search_uses_the_trigram_indexes()
    {
        var log = new Lines();
        var index = await _database.OpenAsync(logger: log);
        log.Should().ContainSingle().Which.Should().Be($"Information: Searches in {(await index.GetStatusAsync(Cancellation)).Location} use the trigram indexes of pg_trgm");
        await index.ImportAsync(Enumerable.Range(0, 20_000).Select(i => new Repository($"team-{i % 97}/app-{i}", $"the {Word(i)} of {Word(i + 7)} and {Word(3 * i)}", i % 3 == 0 ? new() { Tag = "1" } : null)).ToAsyncEnumerable(), cancellationToken: Cancellation);
        await _database.ExecuteAsync("ANALYZE");

        (await ExplainAsync("app-1234", search => search.InNames())).Should().Contain("Bitmap Index Scan on registry_index_trigram_name").And.NotContain("Seq Scan");
        (await ExplainAsync(Word(4711), search => search.InDescriptions())).Should().Contain("Bitmap Index Scan on registry_index_trigram_description").And.NotContain("Seq Scan");
        (await ExplainAsync($"{Word(4711)} app-47", search => search.InNames()))
            .Should().Contain("Bitmap Index Scan on registry_index_trigram_").And.NotContain("Seq Scan");
        (await ExplainAsync("", search => search.All())).Should().Contain("Index Scan using repository_name_key").And.NotContain("Sort");
    }

    [Fact]
    public async Task Without_the_extension_results_are_the_same_and_the_log_explains_why_searches_are_slower()
    {
        await using var plain = await Plain.NewAsync();
        var log = new Lines();
        await plain.Database.OpenAsync(url: plain.Url, logger: log);
        log.Should().ContainSingle().Which.Should().StartWith("Warning: ").And.Contain("read every row").And.Contain("permission denied to create extension").And.Contain("CREATE EXTENSION pg_trgm");
        var searches = await ConformanceSuite.RunCaseAsync("random-queries-find-as-in-the-reference", new WithoutTrigrams(), new(), Cancellation);
        searches.Outcome.Should().Be(CaseOutcome.Pass, searches.Failure?.ToString() ?? searches.Message);

        await plain.Database.ExecuteAsync("CREATE EXTENSION pg_trgm");
        var later = new Lines();
        await plain.Database.OpenAsync(url: plain.Url, logger: later);
        later.Should().ContainSingle().Which.Should().Contain("use the trigram indexes");
    }

    [Fact]
    public async Task An_extension_in_another_schema_is_found()
    {
        await _database.ExecuteAsync("CREATE SCHEMA \"ex{0}tra\"; CREATE EXTENSION pg_trgm SCHEMA \"ex{0}tra\"");
        var log = new Lines();
        await _database.OpenAsync(logger: log);
        log.Should().ContainSingle().Which.Should().Contain("use the trigram indexes");
    }

    [Fact]
    public async Task A_database_whose_encoding_cannot_store_every_description_is_refused()
    {
        await using var latin = await PostgreSqlTestDatabase.NewAsync("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        var opening = () => latin.OpenAsync();
        await opening.Should().ThrowAsync<RegistryIndexException>().WithMessage("*has the encoding LATIN1, and only UTF8 can store every description*");
        (await latin.ReadAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).Should().Equal("0");
    }

    [Fact]
    public async Task Descriptions_with_null_characters_are_escaped_and_others_are_plain_text()
    {
        var index = await _database.OpenAsync();
        foreach (var text in (string[])["a\0b", "a\u0010", "\u00100", "\u0010\0\u0010\u00100\0a", "plain 0"])
        {
            await index.UpsertAsync(new("a", text), Cancellation);
            (await index.GetAsync("a", Cancellation))!.Description.Should().Be(text);
            (await index.SearchAsync(new("a"), Cancellation)).Repositories.Single().Description.Should().Be(text);
            (await index.ListAsync(cancellationToken: Cancellation).ToListAsync(Cancellation)).Should().Equal(new Repository("a", text));
            (await index.UpsertAsync(new("a", text), Cancellation)).Should().Be(UpsertOutcome.Unchanged);
        }

        (await _database.ReadAsync("SELECT description FROM repository")).Should().Equal("plain 0");
        NullCharacterEscape.Unescape("\u0010 and \u0010").Should().Be("\u0010 and \u0010", "a predecessor's row may contain an unpaired surrogate");
        (await index.ListAsync("a\0b", Cancellation).ToListAsync(Cancellation)).Should().BeEmpty();
        (await index.ListAsync("\0", Cancellation).ToListAsync(Cancellation)).Should().ContainSingle();
    }

    private static string Word(int i) => $"w{i * 7919 % 5003:x}q{i * 104729 % 65537:x}";

    private async Task<string> ExplainAsync(string query, Func<PostgreSqlSearch, Engines.SearchStatement> write)
    {
        await using var database = (PostgreSqlDatabase)Opening.Databases.Open(new EfCoreIndexOptions { Database = _database.Url }.WithEngines(), new Lines());
        var statement = write(new PostgreSqlSearch(database, SearchQuery.Parse(query), after: null, limit: 26));
        var sql = statement.Sql;
        for (var i = statement.Parameters.Length - 1; i >= 0; i--)
            sql = sql.Replace(Engines.SearchStatement.Parameter(i), $"${i + 1}", StringComparison.Ordinal);
        return string.Join('\n', await _database.ReadAsync("EXPLAIN " + sql, statement.Parameters));
    }

    private sealed class WithoutTrigrams : ConformanceHarness
    {
        public override string Name => "efcore on PostgreSQL without pg_trgm";

        public override async Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => await Plain.NewAsync();
    }

    /// <summary>A database whose user may create tables, but no extensions.</summary>
    private sealed class Plain(PostgreSqlTestDatabase database) : ScratchIndex
    {
        private readonly string _role = "r" + Guid.NewGuid().ToString("n");

        public PostgreSqlTestDatabase Database => database;

        public string Url => database.UrlFor(_role, "secret");

        public static async Task<Plain> NewAsync()
        {
            var plain = new Plain(await PostgreSqlTestDatabase.NewAsync());
            await plain.Database.ExecuteAsync($"CREATE ROLE {plain._role} LOGIN PASSWORD 'secret'; GRANT ALL ON SCHEMA public TO {plain._role}");
            return plain;
        }

        public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<IRegistryIndex>(PostgreSqlTestDatabase.Create(Url));

        public override async ValueTask DisposeAsync()
        {
            await database.ExecuteAsync($"DROP OWNED BY {_role}; DROP ROLE {_role}");
            await database.DisposeAsync();
        }
    }
}
