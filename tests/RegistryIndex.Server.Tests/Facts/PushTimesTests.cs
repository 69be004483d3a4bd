using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Server.Tests.Live;
using RegistryIndex.Synchronization;
using RegistryIndex.Synchronization.Syncing;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Facts;

/// <summary>The last push of a repository, from the events of a real registry.</summary>
public sealed class PushTimesTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reordered_and_repeated_events_and_a_re_sync_keep_the_newest_push()
    {
        await using var relay = await EventRelay.StartAsync();
        await using var live = await LiveRegistry.StartAsync(events: relay.Url, settings: [("sync_interval", "0")]);
        string[] names = ["team/a", "team/b", "team/c"];
        foreach (var name in names)
            await live.Pusher.PrepareAsync(name, _cancellation);
        for (var i = 0; i < 60; i++)
            await live.Pusher.PushAsync(names[i % 3], $"build {i}", i % 4 == 0 ? "1.0" : "latest", _cancellation);
        await live.Pusher.PushAsync("team/a", tag: $"sha256-{new string('a', 64)}.sig", cancellationToken: _cancellation);
        await relay.SettleAsync(live.Pusher, "team/a");

        var bodies = relay.Held.ToList();
        var newest = bodies.SelectMany(body => JsonNode.Parse(body)!["events"]!.AsArray())
            .Where(it => it!["action"]!.GetValue<string>() == "push" && it["target"]!["tag"]?.GetValue<string>() is "1.0" or "latest")
            .GroupBy(it => it!["target"]!["repository"]!.GetValue<string>(), it => it!["timestamp"]!.GetValue<DateTimeOffset>())
            .ToDictionary(group => group.Key, group => Milliseconds(group.Max()));
        newest.Keys.Should().BeEquivalentTo(names);
        var shuffled = bodies.Concat(bodies).ToArray();
        new Random(7).Shuffle(shuffled);
        foreach (var body in shuffled)
            await relay.PassAsync(body, live.Address);
        await live.WaitForReadinessAsync(following => following["pending"]!.GetValue<int>() == 0);
        await TellsAsync();

        var sync = await RegistryIndexProcess.RunAsync(live.Arguments("sync"));
        sync.ExitCode.Should().Be(0, sync.Stderr);
        sync.Stderr.Should().Contain("0 added, 0 updated, 0 removed");
        await TellsAsync();

        async Task TellsAsync()
        {
            foreach (var (name, time) in newest)
                (await live.Here!.Index.GetAsync(name, _cancellation))!.Facts!.PushedAt.Should().Be(time, "the last push of {0} was then", name);
        }
    }

    [Fact]
    public async Task Facts_are_stored_right_after_the_push_and_the_last_push_comes_first()
    {
        await using var live = await LiveRegistry.StartAsync(settings: ("sync_interval", "0"));
        using var pushed = new PushedKinds(live.Registry.Address);
        await pushed.PushAsync();
        await live.WaitForReadinessAsync(following => following["pending"]!.GetValue<int>() == 0);
        await Eventually.BeAsync(async () => await live.Here!.Index.ListAsync().CountAsync(repository => repository.Facts?.PushedAt is not null) == PushedKinds.Names.Length);
        await live.WaitForReadinessAsync(following => following["pending"]!.GetValue<int>() == 0);

        var first = JsonNode.Parse(await live.Here!.Client.GetStringAsync("/api/v1/repositories?sort=pushed&limit=1", _cancellation))!["repositories"]![0]!;
        first["name"]!.GetValue<string>().Should().Be("spoken-for");
        first["facts"]!["description_tag"]!.GetValue<string>().Should().Be("1.0");

        var before = await live.Here.Index.ListAsync(cancellationToken: _cancellation).ToListAsync(_cancellation);
        before.Single(repository => repository.Name == "signed").Facts!.IsSigned.Should().BeTrue();
        foreach (var source in (string[][])[[], ["--set", "registry=", "--storage-path", live.Registry.RootDirectory]])
        {
            var sync = await RegistryIndexProcess.RunAsync([.. live.Arguments("sync"), .. source]);
            sync.ExitCode.Should().Be(0, sync.Stderr);
            (await live.Here.Index.ListAsync(cancellationToken: _cancellation).ToListAsync(_cancellation)).Should().Equal(before);
            sync.Stderr.Should().Contain("0 added, 0 updated, 0 removed");
        }
    }

    [Fact]
    public async Task A_push_time_in_the_future_is_limited_to_five_minutes_from_now()
    {
        var time = new FakeTimeProvider(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        await using var server = await RunningServer.StartAsync(time, ("Logging:LogLevel:Default", "None"));
        foreach (var (name, sent, taken) in (IEnumerable<(string, string, DateTimeOffset?)>)
                 [
                     ("ahead", "2026-06-01T12:04:59Z", new(2026, 6, 1, 12, 4, 59, TimeSpan.Zero)), ("far-ahead", "2026-06-01T13:00:00Z", new(2026, 6, 1, 12, 5, 0, TimeSpan.Zero)),
                     ("end-of-time", "9999-12-31T23:59:59Z", new(2026, 6, 1, 12, 5, 0, TimeSpan.Zero)), ("before", "2020-01-01T00:00:00Z", new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)), ("no-time", "soon", null),
                 ])
        {
            using var content = new StringContent(
                $$$"""{"events":[{"action":"push","timestamp":"{{{sent}}}","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","repository":"{{{name}}}","tag":"latest"}}]}""", Encoding.UTF8, "application/json");
            (await server.Client.PostAsync("/events", content, _cancellation)).EnsureSuccessStatusCode();
            Repository? stored = null;
            await Eventually.BeAsync(async () => (stored = await server.Index.GetAsync(name, _cancellation)) is not null);
            stored!.Facts?.PushedAt.Should().Be(taken, "of {0}", name);
            (stored.Facts is null).Should().Be(taken is null);
        }
    }

    [Fact]
    public async Task With_a_storage_as_source_the_last_push_is_the_later_of_the_event_and_the_tags_file()
    {
        await using var relay = await EventRelay.StartAsync();
        await using var registry = await DockerRegistry.StartAsync($"""
            notifications:
              endpoints:
                - name: index
                  url: {relay.Url}
                  timeout: 60s
                  threshold: 3
                  backoff: 200ms
            """);
        using var pusher = new RegistryPusher(registry.Address);
        await pusher.PrepareAsync("team/a", _cancellation);
        await pusher.PushAsync("team/a", "the first", cancellationToken: _cancellation);
        await using var server = await RunningServer.StartAsync(("storage_path", registry.RootDirectory), ("sync_interval", "0"), ("Logging:LogLevel:Default", "None"));
        await relay.SettleAsync(pusher, "team/a");
        relay.Held.Clear();

        await pusher.PushAsync("team/a", "the second", cancellationToken: _cancellation);
        await relay.SettleAsync(pusher, "team/a");
        var pushed = relay.Held.SelectMany(body => JsonNode.Parse(body)!["events"]!.AsArray()).Where(it => it!["action"]!.GetValue<string>() == "push" && it["target"]!["tag"] is not null).Max(it => it!["timestamp"]!.GetValue<DateTimeOffset>());
        // The registry writes the tag after it has made the event.
        var written = new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(registry.RootDirectory, "docker/registry/v2/repositories/team/a/_manifests/tags/latest/current/link")));
        var latest = Milliseconds(written > pushed ? written : pushed);
        foreach (var body in relay.Held.Reverse())
            await relay.PassAsync(body, server.Client.BaseAddress!.Authority);
        Repository? stored = null;
        await Eventually.BeAsync(async () => (stored = await server.Index.GetAsync("team/a", _cancellation)) is { Description: "the second", Facts.PushedAt: { } at } && at == latest, () => $"it is {stored?.Description}, {stored?.Facts}; the event says {pushed:O}, the tag was written at {written:O}");
        stored!.Facts!.Should().Be(stored.Facts with { Tag = "latest", TagCount = 1, Kind = ArtifactKind.Image });

        (await server.Services.GetRequiredService<Synchronizer>().RunAsync(new SyncMode(), _cancellation)).Written.Updated.Should().Be(0);
        (await server.Index.GetAsync("team/a", _cancellation)).Should().Be(stored);
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
}
