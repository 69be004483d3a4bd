namespace RegistryIndex.Server.Tests.Live;

/// <summary>Many pushes at once.</summary>
public sealed class BurstTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Repositories = 50;
    private static readonly string[] Tags = ["1.0", "1.1", "1.2", "latest"];
    private LiveRegistry _live = null!;

    public async ValueTask InitializeAsync()
    {
        _live = await LiveRegistry.StartAsync();
        await _live.WaitForReadinessAsync(following => following["last_sync"] is not null);
        for (var i = 0; i < Repositories; i++)
            await _live.Pusher.PrepareAsync(Name(i));
    }

    public ValueTask DisposeAsync() => _live.DisposeAsync();

    [Fact]
    public async Task A_burst_of_200_pushes_costs_one_look_up_for_each_repository()
    {
        _live.Proxy.Forget();
        for (var i = 0; i < Repositories; i++)
        {
            foreach (var tag in Tags)
                await _live.Pusher.PushAsync(Name(i), $"build {i} as {tag}", tag);
        }

        await _live.WaitForAllAsync(() => Expected);
        await _live.WaitForReadinessAsync(following => following["pending"]!.GetValue<int>() == 0);
        output.WriteLine($"{_live.Proxy.Lookups.Values.Sum()} look-ups of {_live.Proxy.Lookups.Count} repositories in {_live.Proxy.Paths.Count} requests");
        _live.Proxy.Lookups.Should().HaveCount(Repositories).And.OnlyContain(repository => repository.Value == 1);
    }

    [Fact]
    public async Task A_server_that_is_killed_in_the_middle_of_a_burst_is_right_after_its_start_up_sync()
    {
        for (var i = 0; i < Repositories; i++)
        {
            if (i == Repositories / 2)
                await _live.Server.KillAsync();
            await _live.Pusher.PushAsync(Name(i), $"build {i} as latest");
        }

        await _live.RestartElsewhereAsync();
        await _live.WaitForAllAsync(() => Expected);
    }

    [Fact]
    public async Task A_server_that_is_asked_to_end_in_the_middle_of_a_burst_writes_what_it_was_told()
    {
        for (var i = 0; i < Repositories; i++)
            await _live.Pusher.PushAsync(Name(i), $"build {i} as latest");
        await _live.WaitForReadinessAsync(following => following["pending"]!.GetValue<int>() > 0 && _live.Registry.Log.Length > 0);
        await Task.Delay(500); // until the registry has sent its events
        (await _live.Server.StopAsync()).Should().Be(0, _live.Server.Log);
        var export = await Testing.Server.RegistryIndexProcess.RunAsync("export", "--format", "tsv", "--database", _live.Database);
        export.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal(Expected.Select(repository => $"{repository.Name}\t{repository.Description}"));
    }

    private static IEnumerable<(string Name, string? Description)> Expected => Enumerable.Range(0, Repositories).Select(i => (Name(i), (string?)$"build {i} as latest"));

    private static string Name(int i) => $"team/app-{i:d2}";
}
