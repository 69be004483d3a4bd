using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace RegistryIndex.EfCore.Tests;

/// <summary>The cost of a search in addition to its statement.</summary>
public sealed class SearchCostTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_page_needs_little_memory_besides_its_rows()
    {
        await using var file = new SqliteTestFile();
        var index = await FilledAsync(await file.OpenAsync());
        var request = new SearchRequest("app");
        for (var i = 0; i < 100; i++)
            await index.SearchAsync(request, Stop);
        var before = GC.GetAllocatedBytesForCurrentThread(); // on SQLite, a search stays on its thread
        for (var i = 0; i < 100; i++)
            await index.SearchAsync(request, Stop);
        ((GC.GetAllocatedBytesForCurrentThread() - before) / 100).Should().BeLessThan(20_000);
    }

    [Fact]
    public async Task No_connection_is_held_when_no_search_runs()
    {
        await using var database = await PostgreSqlTestDatabase.NewAsync();
        var index = await FilledAsync(await database.OpenAsync(url: database.Url + "?Maximum Pool Size=1"));
        for (var i = 0; i < 20; i++)
            (await index.SearchAsync(new("app"), Stop)).Repositories.Should().HaveCount(25);
        (await index.UpsertAsync(new("team/more", null), Stop)).Should().Be(UpsertOutcome.Added);
        (await database.ReadAsync($"SELECT query FROM pg_stat_activity WHERE datname = '{database.Name}' AND pid <> pg_backend_pid()")).Should().ContainSingle();
    }

    [Fact]
    public async Task Searches_continue_after_a_change_of_the_tables_invalidates_their_plans()
    {
        await using var database = await PostgreSqlTestDatabase.NewAsync();
        var index = await FilledAsync(await database.OpenAsync());
        (await index.SearchAsync(new("app"), Stop)).Repositories.Should().HaveCount(25);
        await database.ExecuteAsync("ALTER TABLE repository ALTER COLUMN description TYPE varchar(300)");
        for (var i = 0; i < 3; i++)
            (await index.SearchAsync(new("app"), Stop)).Repositories.Should().HaveCount(25);
    }

    [Fact]
    public async Task A_pooler_that_changes_sessions_between_statements_is_detected()
    {
        await using var database = await PostgreSqlTestDatabase.NewAsync();
        var pooler = new ForgetsPlans();
        await using var index = new EfCoreRegistryIndex(
            Options.Create(new EfCoreIndexOptions { UseDatabase = builder => builder.UseNpgsql(DatabaseUrl.Parse(database.Url, EveryEngine.All).ConnectionString).AddInterceptors(pooler) }.WithEngines()), NullLogger<EfCoreRegistryIndex>.Instance);
        await index.InitializeAsync(Stop);
        await FilledAsync(index);
        for (var i = 0; i < 5; i++)
            (await index.SearchAsync(new("app"), Stop)).Repositories.Should().HaveCount(25);
        pooler.Count.Should().BeGreaterThan(4);
    }

    private static async Task<IRegistryIndex> FilledAsync(IRegistryIndex index)
    {
        await index.ImportAsync(Enumerable.Range(0, 100).Select(i => new Repository($"team-{i % 7}/app-{i}", $"number {i}")).ToAsyncEnumerable(), cancellationToken: Stop);
        return index;
    }

    /// <summary>Every opened connection has a session without prepared statements.</summary>
    private sealed class ForgetsPlans : DbConnectionInterceptor
    {
        public int Count { get; private set; }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Count++;
            await using var command = connection.CreateCommand();
            command.CommandText = "DEALLOCATE ALL";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
