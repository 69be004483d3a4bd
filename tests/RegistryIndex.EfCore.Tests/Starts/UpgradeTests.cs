using System.Globalization;
using Microsoft.Extensions.Logging;
using RegistryIndex.Testing;

namespace RegistryIndex.EfCore.Tests.Starts;

/// <summary>A database of schema version 1, which has no starts. REGISTRYINDEX_UPGRADE_ROWS sets a larger number of rows.</summary>
public sealed class UpgradeTests
{
    private static readonly int Rows = int.Parse(Environment.GetEnvironmentVariable("REGISTRYINDEX_UPGRADE_ROWS") ?? "25000", CultureInfo.InvariantCulture);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task One_of_several_processes_upgrades_the_database_also_after_an_interruption(string engine)
    {
        await using var database = await TestDatabase.NewAsync(engine);
        await database.MakeFormerAsync(Rows);
        using var interruption = new CancellationTokenSource();
        var interrupted = () => database.OpenAsync(logger: new Interrupter(interruption), cancellation: interruption.Token);
        await interrupted.Should().ThrowAsync<OperationCanceledException>();
        (await database.ReadAsync("SELECT value FROM registry_index_state WHERE name = 'schema'")).Should().Equal("1");
        (await database.ReadAsync("SELECT count(*) FROM registry_index_search")).Should().Equal($"{Rows}");

        Lines[] logs = [[], []];
        var start = TimeProvider.System.GetTimestamp();
        var opened = await Task.WhenAll(logs.Select(log => Task.Run(() => database.OpenAsync(logger: log), Stop)));
        TestContext.Current.TestOutputHelper!.WriteLine($"{Rows} rows on {engine}: {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s");
        string.Join('\n', logs.SelectMany(log => log)).Should().Contain("from schema version 1 to 3").And.Contain("Adopted 10,000 repositories so far").And.Contain($"now has schema version 3, with {Rows} repositories");
        logs.Count(log => log.Any(line => line.Contains("now has schema version 3, with", StringComparison.Ordinal))).Should().Be(1);

        foreach (var index in opened)
        {
            (await index.GetStatusAsync(Stop)).Repositories.Should().Be(Rows);
            (await index.ReadMarkAsync("first-load", Stop)).Should().Be("done");
            (await index.SearchAsync(new("app", 2), Stop)).Repositories.Select(one => one.Name).Should().Equal("Team-1/app-1/app", "Team-2/app-2/app");
            (await index.SearchAsync(new("shop", 1), Stop)).Repositories.Should().ContainSingle();
        }

        (await database.ReadAsync("SELECT count(*) FROM registry_index_start")).Should().Equal($"{3 * Rows}");
        (await database.ReadAsync("SELECT value FROM registry_index_state WHERE name = 'schema'")).Should().Equal("3");
        (await database.ReadAsync("SELECT count(*) FROM registry_index_facts")).Should().Equal("0");
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task Searches_and_writes_of_an_old_program_fail_after_the_upgrade(string engine)
    {
        await using var database = await TestDatabase.NewAsync(engine);
        await database.MakeFormerAsync(10);
        await database.OpenAsync();
        foreach (var statement in (string[])
        [
            "SELECT count(*) FROM registry_index_search AS search",
            "INSERT INTO registry_index_search (id, name, folded_name, folded_description) SELECT id, name, name, '' FROM repository",
            "DELETE FROM registry_index_search WHERE id IN (SELECT id FROM repository WHERE name = 'Team-1/app-1/app')",
        ])
        {
            var old = () => database.ExecuteAsync(statement);
            (await old.Should().ThrowAsync<System.Data.Common.DbException>()).WithMessage("*registry_index_search*");
        }
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task A_database_opened_for_reading_stays_at_version_1_and_can_be_searched(string engine)
    {
        await using var database = await TestDatabase.NewAsync(engine);
        await database.MakeFormerAsync(300);
        var reader = await database.OpenAsync(initialize: false);
        (await reader.OpenForReadingAsync(Stop)).Should().Be(SourceState.Searchable);
        (await reader.ListAsync(cancellationToken: Stop).CountAsync(Stop)).Should().Be(300);
        (await reader.GetStatusAsync(Stop)).Repositories.Should().Be(300);
        (await reader.ReadMarkAsync("first-load", Stop)).Should().Be("done");
        var pages = new List<IEnumerable<string>>();
        string? continuation = null;
        foreach (var query in (string[])["app", "a", "shop app-1", "number"])
            pages.Add((await reader.SearchAsync(new(query), Stop)).Repositories.Select(one => one.Name));
        continuation = (await reader.SearchAsync(new("app", 10), Stop)).Continuation;
        (await database.ReadAsync("SELECT value FROM registry_index_state WHERE name = 'schema'")).Should().Equal("1");

        var index = await database.OpenAsync();
        foreach (var (query, page) in new[] { "app", "a", "shop app-1", "number" }.Zip(pages))
            (await index.SearchAsync(new(query), Stop)).Repositories.Select(one => one.Name).Should().Equal(page);
        (await index.SearchAsync(new("app", 10, continuation), Stop)).Repositories.Should().HaveCount(10);
        (await reader.ListAsync(cancellationToken: Stop).CountAsync(Stop)).Should().Be(300, "readers continue during the upgrade");
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task The_documented_downgrade_leaves_a_predecessors_database_that_can_be_adopted_again(string engine)
    {
        await using var database = await TestDatabase.NewAsync(engine);
        var index = await database.OpenAsync();
        await index.UpsertAsync(new("team/app", "a shop"), Stop);
        var document = await File.ReadAllTextAsync(Checkout.PathOf("docs", "databases.md"), Stop);
        await database.ExecuteAsync(document.Split("```sql\n")[1].Split("```")[0]);
        (await database.ReadAsync(engine == "SQLite"
            ? "SELECT name FROM sqlite_schema WHERE type IN ('table', 'trigger') ORDER BY name"
            : "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")).Should().Equal("repository", "version");
        (await (await database.OpenAsync()).SearchAsync(new("shop"), Stop)).Repositories.Should().Equal(new Repository("team/app", "a shop"));
    }

    /// <summary>Interrupts the upgrade after its first rows.</summary>
    private sealed class Interrupter(CancellationTokenSource interruption) : ILogger<EfCoreRegistryIndex>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).Contains("so far", StringComparison.Ordinal))
                interruption.Cancel();
        }
    }
}
