namespace RegistryIndex.Server.Tests.Live;

/// <summary>A server that ends in the middle of many pushes.</summary>
public sealed class BurstTests : IAsyncLifetime
{
    private const int Repositories = 50;
    private LiveRegistry _live = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _live.DisposeAsync();

    [Fact]
    public async Task A_server_killed_during_a_burst_is_up_to_date_after_its_start_up_sync()
    {
        await StartAsync();
        for (var i = 0; i < Repositories; i++)
        {
            if (i == Repositories / 2)
                await _live.Process!.KillAsync();
            await _live.Pusher.PushAsync(Name(i), $"build {i} as latest");
        }

        await _live.RestartElsewhereAsync();
        await _live.WaitForAllAsync(() => Expected);
    }

    [Fact]
    public async Task A_server_stopped_during_a_burst_writes_the_events_it_accepted_or_says_that_some_are_left_to_its_next_start()
    {
        await using var relay = await EventRelay.StartAsync();
        await StartAsync(relay.Url);
        for (var i = 0; i < Repositories; i++)
            await _live.Pusher.PushAsync(Name(i), $"build {i} as latest");
        await relay.SettleAsync(_live.Pusher, Name(0));
        foreach (var body in relay.Held)
            await relay.PassAsync(body, _live.Address);
        (await _live.Process!.StopAsync()).Should().Be(0, _live.Process!.Log);
        var export = await Testing.Server.RegistryIndexProcess.RunAsync("export", "--format", "tsv", "--database", _live.Database);
        var written = export.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        written.Should().BeSubsetOf(Expected.Select(repository => $"{repository.Name}\t{repository.Description}"));
        if (written.Length < Repositories) // the time for it is limited, and a machine may be slow
            _live.Process!.Log.Should().Contain("could not be looked up");
        await _live.RestartElsewhereAsync();
        await _live.WaitForAllAsync(() => Expected);
    }

    private async Task StartAsync(string? events = null)
    {
        _live = await LiveRegistry.StartAsync(isProcess: true, events);
        await _live.WaitForReadinessAsync(following => following["last_sync"] is not null);
        for (var i = 0; i < Repositories; i++)
            await _live.Pusher.PrepareAsync(Name(i));
    }

    private static IEnumerable<(string Name, string? Description)> Expected => Enumerable.Range(0, Repositories).Select(i => (Name(i), (string?)$"build {i} as latest"));

    private static string Name(int i) => $"team/app-{i:d2}";
}
