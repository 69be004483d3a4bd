using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Tests.Conformance;

namespace RegistryIndex.EfCore.Tests;

/// <summary>A PostgreSQL database of docker-registry's SQLAlchemy index, created with plain SQL.</summary>
public sealed class PostgreSqlLegacyTests : IAsyncLifetime
{
    private PostgreSqlTestDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await PostgreSqlTestDatabase.NewAsync();
        await _database.ExecuteAsync(LegacyPostgreSql.Schema);
        await _database.ExecuteAsync("""
            INSERT INTO repository (name, description) VALUES
                ('library/ubuntu', NULL), ('library/Ubuntu-Core', 'The Core'), ('team/50%_off', ''), ('odd name!', 'not in the grammar'), ('team/web', 'a shop');
            """);
    }

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_predecessors_tables_open_and_every_row_is_found()
    {
        var index = await _database.OpenAsync();
        (await index.ListAsync(cancellationToken: Cancellation).Select(r => r.Name).ToListAsync(Cancellation))
            .Should().Equal("library/Ubuntu-Core", "library/ubuntu", "odd name!", "team/50%_off", "team/web");
        (await SearchAsync(index, "UBUNTU")).Should().Equal("library/ubuntu", "library/Ubuntu-Core");
        (await SearchAsync(index, "%_")).Should().Equal("team/50%_off");
        (await SearchAsync(index, "grammar")).Should().Equal("odd name!");
        (await index.DeleteAsync("odd name!", Cancellation)).Should().BeTrue();
        (await SearchAsync(index, "grammar")).Should().BeEmpty();
    }

    [Fact]
    public async Task Columns_are_widened_and_the_predecessor_can_still_read_and_write()
    {
        var index = await _database.OpenAsync();
        var (name, description) = (string.Join('/', Enumerable.Repeat("segment", 31)), string.Concat(Enumerable.Repeat("🐳", 350)));
        await index.UpsertAsync(new(name, description), Cancellation);
        (await index.GetAsync(name, Cancellation))!.Description.Should().Be(description);
        await index.DeleteAsync("team/web", Cancellation);

        (await _database.ReadAsync("SELECT max(id), count(*) FROM version")).Should().Equal("1|1");
        (await _database.ReadAsync("SELECT name, description FROM repository WHERE name LIKE '%team%' OR description LIKE '%shop%'")).Should().Equal("team/50%_off|");
        await _database.ExecuteAsync("INSERT INTO repository (name, description) VALUES ('team/pushed-meanwhile', ''); UPDATE repository SET description = NULL WHERE name = 'library/Ubuntu-Core'; DELETE FROM repository WHERE name = 'odd name!'");
        index = await _database.OpenAsync();
        (await SearchAsync(index, "meanwhile")).Should().Equal("team/pushed-meanwhile");
        (await SearchAsync(index, "the core")).Should().BeEmpty();
        (await SearchAsync(index, "grammar")).Should().BeEmpty();
        (await _database.ReadAsync("SELECT count(*) FROM registry_index_text")).Should().Equal("5");
    }

    [Fact]
    public async Task As_the_source_of_a_migration_a_predecessors_database_is_not_changed()
    {
        var index = await _database.OpenAsync(initialize: false);
        (await index.OpenForReadingAsync(Cancellation)).Should().Be(SourceState.Listable);
        (await ((IRegistryIndex)index).ScanAsync(cancellationToken: Cancellation).Select(r => r.Name).ToListAsync(Cancellation))
            .Should().BeEquivalentTo("library/Ubuntu-Core", "library/ubuntu", "odd name!", "team/50%_off", "team/web");
        (await index.GetAsync("team/web", Cancellation)).Should().Be(new Repository("team/web", "a shop"));
        (await _database.ReadAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).Should().Equal("2");
        (await _database.ReadAsync("SELECT character_maximum_length FROM information_schema.columns WHERE table_name = 'repository' AND column_name = 'name'")).Should().Equal("95");
    }

    [Fact]
    public async Task One_of_several_concurrent_processes_adopts_the_tables()
    {
        await _database.ExecuteAsync("INSERT INTO repository (name, description) SELECT 'bulk/app-' || n, 'number ' || n FROM generate_series(1, 3000) AS n");
        var logs = Enumerable.Range(0, 4).Select(_ => new Lines()).ToList();
        var indexes = new List<EfCoreRegistryIndex>();
        foreach (var log in logs)
            indexes.Add(await _database.OpenAsync(initialize: false, logger: log));
        await Task.WhenAll(indexes.Select(index => Task.Run(() => index.InitializeAsync(Cancellation))));
        logs.Count(log => log.Any(line => line.Contains("Adopted 3005 repositories", StringComparison.Ordinal))).Should().Be(1);
        foreach (var index in indexes)
            (await index.GetStatusAsync(Cancellation)).Repositories.Should().Be(3_005);
        (await SearchAsync(indexes[3], "app-2999")).Should().Equal("bulk/app-2999");
    }

    [Fact]
    public async Task A_table_of_another_owner_is_not_changed_and_the_error_has_the_command_to_run()
    {
        var role = "r" + Guid.NewGuid().ToString("n");
        await _database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'secret'; GRANT ALL ON SCHEMA public TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}");
        var url = _database.UrlFor(role, "secret");
        var opening = () => _database.OpenAsync(url: url);
        var error = (await opening.Should().ThrowAsync<RegistryIndexException>()).Which;
        var statement = error.Message.Split("let the table's owner run: ")[1].TrimEnd('.');
        (await _database.ReadAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).Should().Equal("2");
        await _database.ExecuteAsync(statement);
        (await SearchAsync(await _database.OpenAsync(url: url), "shop")).Should().Equal("team/web");
        await _database.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
    }

    [Theory]
    [InlineData("DROP TABLE version; CREATE TABLE version (major TEXT)", "the table version has the columns major, and docker-registry's index has id")]
    [InlineData("UPDATE version SET id = 2", "the table version says 2, and docker-registry's index is version 1")]
    [InlineData("ALTER TABLE repository RENAME description TO text", "the table repository has the columns id, name, text")]
    public async Task Unrelated_tables_are_refused_and_not_changed(string change, string sentence)
    {
        await _database.ExecuteAsync(change);
        var opening = () => _database.OpenAsync();
        (await opening.Should().ThrowAsync<RegistryIndexException>().WithMessage($"*{sentence}*")).Which.MayRetry.Should().BeFalse();
        (await _database.ReadAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).Should().Equal("2");
    }

    [Fact]
    public async Task A_schema_in_the_search_path_is_a_separate_index()
    {
        await _database.ExecuteAsync("CREATE SCHEMA other");
        await using var other = PostgreSqlTestDatabase.Create(_database.Url + "?options=-csearch_path%3Dother");
        await other.InitializeAsync(Cancellation);
        await other.UpsertAsync(new("elsewhere"), Cancellation);
        (await other.GetStatusAsync(Cancellation)).Repositories.Should().Be(1);
        (await (await _database.OpenAsync()).GetStatusAsync(Cancellation)).Repositories.Should().Be(5);
    }

    private static async Task<IEnumerable<string>> SearchAsync(EfCoreRegistryIndex index, string query) =>
        (await index.SearchAsync(new(query), Cancellation)).Repositories.Select(repository => repository.Name);
}

/// <summary>Collects the log, one line for each entry.</summary>
internal sealed class Lines : List<string>, ILogger<EfCoreRegistryIndex>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Add($"{logLevel}: {formatter(state, exception)}");
}
