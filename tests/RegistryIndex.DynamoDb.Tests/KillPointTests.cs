using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization.Loading;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>
/// The process dies before or after its k-th request. The next process finds nothing lost, duplicated or stale. The long operations die at every k
/// at night, and at every third with each change.
/// </summary>
public sealed class KillPointTests
{
    private static readonly Repository Before = new("team/app/web", "The old text about a web shop");
    private static readonly int Step = SlowTests.IsWanted ? 1 : 3;
    private static readonly Repository After = new("team/app/web", "A new text about a web of shops");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_killed_create_is_all_or_nothing(bool after) =>
        AtEveryRequestAsync(after, _ => Task.CompletedTask, index => index.UpsertAsync(After, TestIndexes.Stop), [], [After]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_killed_update_leaves_the_old_or_the_new(bool after) =>
        AtEveryRequestAsync(after, index => index.UpsertAsync(Before, TestIndexes.Stop), index => index.UpsertAsync(After, TestIndexes.Stop), [Before], [After]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_killed_push_leaves_the_old_or_the_new_facts(bool after) =>
        AtEveryRequestAsync(after, index => index.UpsertAsync(Pushed(Before, 1), TestIndexes.Stop), index => index.UpsertAsync(Pushed(Before, 2), TestIndexes.Stop), [Pushed(Before, 1)], [Pushed(Before, 2)]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_killed_first_push_is_all_or_nothing(bool after) =>
        AtEveryRequestAsync(after, index => index.UpsertAsync(Before, TestIndexes.Stop), index => index.UpsertAsync(Pushed(After, 1), TestIndexes.Stop), [Before], [Pushed(After, 1)]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_killed_delete_of_a_pushed_repository_is_all_or_nothing(bool after) =>
        AtEveryRequestAsync(after, index => index.UpsertAsync(Pushed(Before, 1), TestIndexes.Stop), index => index.DeleteAsync(Before.Name, TestIndexes.Stop), [Pushed(Before, 1)], []);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_killed_delete_is_all_or_nothing(bool after) =>
        AtEveryRequestAsync(after, index => index.UpsertAsync(Before, TestIndexes.Stop), index => index.DeleteAsync(Before.Name, TestIndexes.Stop), [Before], []);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_import_is_completed_by_the_next_one(bool after)
    {
        // Together they have more postings than some batches hold.
        List<Repository> old = [.. Enumerable.Range(0, 4).Select(number => new Repository($"a/{number}", "The old text about a web"))];
        List<Repository> next = [.. Enumerable.Range(2, 5).Select(number => new Repository($"a/{number}", $"New of shop {number}", number % 2 == 0 ? new() { PushedAt = Day(number) } : null))];
        List<Repository> expected = [.. old.Take(2), .. next];
        await AtEveryRequestAsync(
            after,
            index => index.ImportAsync(old.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop),
            index => index.ImportAsync(next.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop),
            null,
            expected,
            isLong: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_sweep_is_completed_by_the_next_one(bool after)
    {
        await AtEveryRequestAsync(
            after,
            async index =>
            {
                await index.UpsertAsync(Before, TestIndexes.Stop);
                await index.UpsertAsync(new("other", "Something else about a web"), TestIndexes.Stop);
            },
            index => index.SweepAsync(dryRun: false, TimeSpan.Zero, force: true, null, TestIndexes.Stop),
            null,
            [new("other", "Something else about a web"), Before],
            async tables =>
            {
                await tables.LeaveOrphansAsync(Before);
                foreach (var lost in Enumerable.Range(0, 6).Select(number => new Posting(0, "", $"lost/{number}", Nonce.New(tables.Time.GetUtcNow() - TimeSpan.FromMinutes(1)))))
                    await tables.Client.PutItemAsync(tables.Options.SearchTable, lost.ToItem(), TestIndexes.Stop); // more than a sweep removes without force
            },
            isLong: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_first_load_is_completed_by_the_next_process(bool after)
    {
        Repository[] stored = [new("library/debian"), new("library/ubuntu"), new("team/app/web")];
        using var directory = new TemporaryDirectory();
        foreach (var repository in stored)
        {
            var tag = Directory.CreateDirectory(Path.Combine(directory.Path, "docker/registry/v2/repositories", repository.Name, "_manifests/tags/latest/current"));
            await File.WriteAllTextAsync(Path.Combine(tag.FullName, "link"), $"sha256:{new string('a', 64)}", TestIndexes.Stop);
        }

        await using var services = new ServiceCollection().AddLogging()
            .AddRegistryStorage(new ConfigurationBuilder().AddInMemoryCollection([new("storage_path", directory.Path)]).Build()).BuildServiceProvider();
        var storage = services.GetRequiredService<IRegistryStorage>();
        await AtEveryRequestAsync(after, _ => Task.CompletedTask, LoadAsync, null, stored, isLong: true);

        // The clock runs fast, because the test waits for the lease of a dead process.
        Task LoadAsync(DynamoDbIndex index) =>
            new FirstLoad(index, new Loader(index, storage, new(index), NullLogger<Loader>.Instance), storage, new TimeWithoutPeriods(new FastTime(1_000)), NullLogger<FirstLoad>.Instance)
                .RunAsync(TestIndexes.Stop);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_adoption_is_completed_by_the_next_process_and_searches_stay_complete(bool after)
    {
        Repository[] legacy = [new("library/ubuntu", "A Linux"), new("library/debian"), new("me/my app", "数据 in a name with a space")];
        for (var k = FirstOf(after); ; k += Step)
        {
            await using var tables = await TestIndexes.NewAsync();
            await PrepareLegacyAsync(tables, legacy);
            using var client = tables.NewClient();
            (client.KillAt, client.KillAfter) = (k, after);
            await TryAsync(async () =>
            {
                await using var dying = NewDying(tables, client);
                await dying.InitializeAsync(TestIndexes.Stop);
            });

            var next = await tables.OpenAsync();
            await next.ShouldFindAsync(legacy);
            await TestIndexes.AdoptedAsync(next);
            await next.ShouldFindAsync(legacy);
            await IndexAssertions.NothingIsMissingAsync(tables);
            await tables.SweepAsync(next);
            await IndexAssertions.NothingIsLeftOverAsync(tables);
            if (!client.HasDied)
            {
                client.Calls.Should().BeLessThan(k).And.BeGreaterThan(10);
                return;
            }
        }
    }

    [Theory]
    [InlineData("search", false)]
    [InlineData("search", true)]
    [InlineData("version", false)]
    [InlineData("version", true)]
    public async Task A_killed_recreation_of_a_lost_table_is_completed_by_the_next_one(string lost, bool after)
    {
        Repository[] there = [Before, new("other")];
        for (var k = FirstOf(after); ; k += Step)
        {
            await using var tables = await TestIndexes.NewAsync();
            await (await tables.OpenAsync()).ImportAsync(there.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
            await tables.DropAsync($"{tables.Options.Database}-{lost}");
            using var client = tables.NewClient();
            (client.KillAt, client.KillAfter) = (k, after);
            await TryAsync(async () => await (await RebuildAsync(NewDying(tables, client))).DisposeAsync());

            var next = await RebuildAsync(tables.New());
            await next.ShouldFindAsync(there);
            await IndexAssertions.NothingIsLeftOverAsync(tables);
            if (!client.HasDied)
            {
                client.Calls.Should().BeLessThan(k).And.BeGreaterThan(10);
                return;
            }

            static async Task<DynamoDbIndex> RebuildAsync(DynamoDbIndex index)
            {
                var maintenance = new DynamoDbMaintenance(index);
                await maintenance.CreateLostTablesAsync(TestIndexes.Stop);
                await index.InitializeAsync(TestIndexes.Stop);
                await maintenance.RebuildAsync(cancellationToken: TestIndexes.Stop);
                return index;
            }
        }
    }

    // Of three requests in a row, the process dies before one, after another and, at night, at all.
    private static int FirstOf(bool after) => after && !SlowTests.IsWanted ? 2 : 1;

    private static Repository Pushed(Repository repository, int day) => new(repository.Name, repository.Description, new() { Tag = $"{day}", PushedAt = Day(day) });

    private static DateTimeOffset Day(int day) => new(2026, 3, day, 12, 0, 0, TimeSpan.Zero);

    private static async Task AtEveryRequestAsync(
        bool after, Func<DynamoDbIndex, Task> prepare, Func<DynamoDbIndex, Task> operation, Repository[]? before, IReadOnlyList<Repository> expected, Func<TestIndexes, Task>? damage = null, bool isLong = false)
    {
        for (var k = isLong ? FirstOf(after) : 1; ; k += isLong ? Step : 1)
        {
            await using var tables = await TestIndexes.NewAsync();
            var healthy = await tables.OpenAsync();
            await prepare(healthy);
            if (damage is not null)
                await damage(tables);
            using var client = tables.NewClient();
            var dying = await tables.OpenAsync(client);
            client.ResetCounts();
            (client.KillAt, client.KillAfter) = (k, after);
            await TryAsync(() => operation(dying));

            var next = await tables.OpenAsync();
            await IndexAssertions.NothingIsMissingAsync(tables);
            var found = await next.ListAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop);
            if (before is not null)
                (found.SequenceEqual(before) || found.SequenceEqual(expected)).Should().BeTrue($"killed at {k} it is one or the other, not {string.Join(", ", found)}");
            await next.ShouldFindAsync(found);
            // Again without dying: the result is the same as if the process had never died.
            await operation(next);
            await next.ShouldFindAsync(expected);
            await IndexAssertions.NothingIsMissingAsync(tables);
            await tables.SweepAsync(next);
            await IndexAssertions.NothingIsLeftOverAsync(tables);
            if (!client.HasDied)
            {
                client.Calls.Should().BeLessThan(k).And.BeGreaterThan(1);
                return;
            }
        }
    }

    // Its lease is short, because the next process waits for its end.
    private static DynamoDbIndex NewDying(TestIndexes tables, FaultyDynamoDb client) => tables.New(client, new TimeWithoutPeriods(tables.Time), lease: TimeSpan.FromMilliseconds(30));

    private static async Task PrepareLegacyAsync(TestIndexes tables, Repository[] legacy)
    {
        await tables.MakeLegacyTablesAsync();
        foreach (var repository in legacy)
            await tables.PutLegacyRowAsync(repository.Name, repository.Description);
    }

    private static async Task TryAsync(Func<Task> operation)
    {
        try
        {
            await operation();
        }
        catch (ProcessKilledException)
        {
            // The exception that the test causes.
        }
    }
}
