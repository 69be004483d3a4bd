using System.Globalization;
using Microsoft.Extensions.Logging;
using RegistryIndex.Testing;

namespace RegistryIndex.EfCore.Tests.Starts;

/// <summary>A database of schema version 1, which has no starts. REGISTRYINDEX_UPGRADE_ROWS has them try more rows.</summary>
public sealed class UpgradeTests
{
    private static readonly int Rows = int.Parse(Environment.GetEnvironmentVariable("REGISTRYINDEX_UPGRADE_ROWS") ?? "25000", CultureInfo.InvariantCulture);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(DatabaseOfTest.Engines), MemberType = typeof(DatabaseOfTest))]
    public async Task It_is_upgraded_by_one_of_those_that_open_it_also_where_one_was_interrupted_before(string engine)
    {
        await using var database = await DatabaseOfTest.NewAsync(engine);
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
        string.Join('\n', logs.SelectMany(log => log)).Should().Contain("from schema version 1 to 2").And.Contain("Took in 10,000 repositories so far").And.Contain($"is of schema version 2 now, with {Rows} repositories");
        logs.Count(log => log.Any(line => line.Contains("is of schema version 2 now", StringComparison.Ordinal))).Should().Be(1);

        foreach (var index in opened)
        {
            (await index.GetStatusAsync(Stop)).Repositories.Should().Be(Rows);
            (await index.ReadMarkAsync("first-load", Stop)).Should().Be("done");
            (await index.SearchAsync(new("app", 2), Stop)).Repositories.Select(one => one.Name).Should().Equal("Team-1/app-1/app", "Team-2/app-2/app");
            (await index.SearchAsync(new("shop", 1), Stop)).Repositories.Should().ContainSingle();
        }

        (await database.ReadAsync("SELECT count(*) FROM registry_index_start")).Should().Equal($"{3 * Rows}");
        (await database.ReadAsync("SELECT value FROM registry_index_state WHERE name = 'schema'")).Should().Equal("2");
    }

    [Theory]
    [MemberData(nameof(DatabaseOfTest.Engines), MemberType = typeof(DatabaseOfTest))]
    public async Task An_old_program_that_still_runs_fails_with_what_it_searches_and_writes(string engine)
    {
        await using var database = await DatabaseOfTest.NewAsync(engine);
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
    [MemberData(nameof(DatabaseOfTest.Engines), MemberType = typeof(DatabaseOfTest))]
    public async Task What_is_only_read_stays_of_version_1_and_is_searched_as_it_is(string engine)
    {
        await using var database = await DatabaseOfTest.NewAsync(engine);
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
        (await reader.ListAsync(cancellationToken: Stop).CountAsync(Stop)).Should().Be(300, "what reads it meanwhile goes on");
    }

    [Theory]
    [MemberData(nameof(DatabaseOfTest.Engines), MemberType = typeof(DatabaseOfTest))]
    public async Task What_the_document_drops_to_go_back_leaves_a_predecessor_s_database_which_is_adopted_anew(string engine)
    {
        await using var database = await DatabaseOfTest.NewAsync(engine);
        var index = await database.OpenAsync();
        await index.UpsertAsync(new("team/app", "a shop"), Stop);
        var document = await File.ReadAllTextAsync(Checkout.PathOf("docs", "databases.md"), Stop);
        await database.ExecuteAsync(document.Split("```sql\n")[1].Split("```")[0]);
        (await database.ReadAsync(engine == "SQLite"
            ? "SELECT name FROM sqlite_schema WHERE type IN ('table', 'trigger') ORDER BY name"
            : "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")).Should().Equal("repository", "version");
        (await (await database.OpenAsync()).SearchAsync(new("shop"), Stop)).Repositories.Should().Equal(new Repository("team/app", "a shop"));
    }

    /// <summary>Interrupts once the first rows are made anew.</summary>
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
