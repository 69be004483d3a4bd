using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Synchronization.Following;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>Pushes and deletes in a real registry, and the results of podman a moment later.</summary>
public sealed class FollowingTests(ITestOutputHelper output) : IAsyncLifetime
{
    private LiveRegistry _live = null!;

    public async ValueTask InitializeAsync() => _live = await LiveRegistry.StartAsync();

    public ValueTask DisposeAsync() => _live.DisposeAsync();

    [Fact]
    public async Task Pushed_repositories_are_found_and_deleted_ones_are_gone()
    {
        await _live.PushAsync("team/app/web", "Front end");
        await SeesAsync("a new repository", "web", ("team/app/web", "Front end"));

        var first = await _live.PushAsync("team/app/web", "Front end, rewritten");
        await SeesAsync("a re-push", "web", ("team/app/web", "Front end, rewritten"));

        await _live.PushAsync("team/app/web", "An older line", tag: "1.0");
        await _live.PushAsync("team/app/web/admin", label: "By a label");
        await SeesAsync("a second tag and a nested name", "web", ("team/app/web", "Front end, rewritten"), ("team/app/web/admin", "By a label"));

        var index = await _live.PushAsync("many", label: "For several platforms", platforms: ["linux/amd64", "linux/arm64"]);
        await SeesAsync("an index", "many", ("many", "For several platforms"));

        await _live.Pusher.DeleteAsync("team/app/web", first);
        await SeesAsync("one of two tags deleted", "web", ("team/app/web", "An older line"), ("team/app/web/admin", "By a label"));

        await DeleteAsync("team/app/web:1.0");
        await SeesAsync("the last tag deleted", "web", ("team/app/web/admin", "By a label"));

        await _live.Pusher.DeleteAsync("many", index);
        await SeesAsync("an index deleted", "many");
    }

    [Fact]
    public async Task A_burst_of_200_pushes_costs_one_look_up_for_each_repository()
    {
        const int Repositories = 50;
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow); // it stands still during the burst, which may take long on a slow machine
        await using var live = await LiveRegistry.StartAsync(time: time, settings: ("sync_interval", "0"));
        var noted = 0L;
        using var listener = Listen(live, "registryindex.events", "noted", count => Interlocked.Add(ref noted, count));
        var pushes = (from i in Enumerable.Range(0, Repositories) from tag in (string[])["1.0", "1.1", "1.2", "latest"] select (Name: $"team/app-{i:d2}", Text: $"build {i} as {tag}", Tag: tag)).ToArray();
        new Random(5).Shuffle(pushes);
        foreach (var name in pushes.Select(push => push.Name).Distinct())
            await live.Pusher.PrepareAsync(name);
        foreach (var push in pushes)
            await live.Pusher.PushAsync(push.Name, push.Text, push.Tag);
        await Eventually.BeAsync(() => Interlocked.Read(ref noted) >= pushes.Length); // the registry sends its events in order

        live.Proxy.Lookups.Should().BeEmpty("the burst has not ended");
        time.Advance(PendingRepositories.Longest);
        await live.WaitForAllAsync(() => Enumerable.Range(0, Repositories).Select(i => ($"team/app-{i:d2}", (string?)$"build {i} as latest")));
        await live.WaitForReadinessAsync(following => following["pending"]!.GetValue<int>() == 0);
        output.WriteLine($"{live.Proxy.Lookups.Values.Sum()} look-ups of {live.Proxy.Lookups.Count} repositories in {live.Proxy.Paths.Count} requests");
        live.Proxy.Lookups.Should().HaveCount(Repositories).And.OnlyContain(repository => repository.Value == 1);
    }

    private static MeterListener Listen(LiveRegistry live, string counter, string outcome, Action<long> count)
    {
        var meter = live.Here!.Services.GetRequiredService<IMeterFactory>().Create("RegistryIndex");
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, it) =>
            {
                if (instrument.Name == counter && ReferenceEquals(instrument.Meter, meter))
                    it.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags[0].Value as string == outcome)
                count(value);
        });
        listener.Start();
        return listener;
    }

    private Task DeleteAsync(string image) => Testing.Registry.Skopeo.DeleteAsync($"{_live.Registry.Address}/{image}");

    private async Task SeesAsync(string what, string term, params (string Name, string Description)[] expected) =>
        output.WriteLine($"{what}: {(await _live.WaitForAsync(term, expected)).TotalMilliseconds:n0} ms");
}
