using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>A random history of pushes and deletes, whose events are lost, repeated, delayed and reordered.</summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private const int Steps = 500;
    private EventRelay _relay = null!;
    private LiveRegistry _live = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await EventRelay.StartAsync();
        _live = await LiveRegistry.StartAsync(events: _relay.Url, settings: [("sync_interval", "0"), ("sync_max_deletions", "100")]);
    }

    public async ValueTask DisposeAsync()
    {
        await _live.DisposeAsync();
        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task Reordered_and_repeated_events_make_the_index_equal_to_the_registry()
    {
        var model = await LiveThroughAsync(seed: 1, dropped: 0);
        await _live.WaitForAllAsync(() => model.Expected);
    }

    [Fact]
    public async Task After_the_loss_of_half_of_the_events_one_re_sync_makes_the_index_equal_to_the_registry()
    {
        var model = await LiveThroughAsync(seed: 2, dropped: 50);
        await _live.WaitForReadinessAsync(following => following["pending"]!.GetValue<int>() == 0);

        // A late event makes up for lost events before it. After these events, none arrives.
        for (var step = 0; step < 20; step++)
            await model.StepAsync();
        await _relay.SettleAsync(_live.Pusher, model.Prepared);
        _relay.Held.Clear();
        (await _live.ListAsync()).Should().NotEqual(model.Expected, "the lost events leave differences");

        var dryRun = await RegistryIndexProcess.RunAsync(_live.Arguments("sync", "--dry-run"));
        dryRun.ExitCode.Should().Be(0, dryRun.Stderr);
        dryRun.Stdout.Should().NotBeEmpty();
        var before = await _live.Here!.Index.ListAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var sync = await RegistryIndexProcess.RunAsync(_live.Arguments("sync"));
        sync.ExitCode.Should().Be(0, sync.Stderr);
        (await _live.ListAsync()).Should().Equal(model.Expected);
        var after = await _live.Here.Index.ListAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Differences(before, after).Should().BeEquivalentTo(dryRun.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries), "the dry run reported the same");

        (await RegistryIndexProcess.RunAsync(_live.Arguments("sync"))).Stderr.Should().Contain("0 added, 0 updated, 0 removed");
    }

    private static IEnumerable<string> Differences(List<Repository> before, List<Repository> after)
    {
        var (old, now) = (before.ToDictionary(row => row.Name), after.ToDictionary(row => row.Name));
        return [.. after.Where(row => !old.ContainsKey(row.Name)).Select(row => $"+ {row.Name}"),
            .. after.Where(row => old.TryGetValue(row.Name, out var former) && former != row).Select(row => $"~ {row.Name}"),
            .. before.Where(row => !now.ContainsKey(row.Name)).Select(row => $"- {row.Name}")];
    }

    private async Task<RegistryModel> LiveThroughAsync(int seed, int dropped)
    {
        var (model, random, waiting) = (new RegistryModel(_live.Pusher, seed), new Random(seed), new List<string>());
        await model.PrepareAsync();
        for (var step = 0; step < Steps; step++)
        {
            await model.StepAsync();
            while (waiting.Count > 40)
                await PassOneAsync();
            Collect();
        }

        await _relay.SettleAsync(_live.Pusher, model.Prepared);
        Collect();
        while (waiting.Count > 0)
            await PassOneAsync();
        return model;

        void Collect()
        {
            while (_relay.Held.TryDequeue(out var body))
            {
                if (random.Next(100) >= dropped)
                    waiting.AddRange(Enumerable.Repeat(body, random.Next(3) == 0 ? 2 : 1));
            }
        }

        async Task PassOneAsync()
        {
            var next = random.Next(waiting.Count);
            await _relay.PassAsync(waiting[next], _live.Address);
            waiting.RemoveAt(next);
        }
    }
}
