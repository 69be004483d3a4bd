using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Registry;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Synchronization;
using RegistryIndex.Synchronization.Following;
using RegistryIndex.Synchronization.Syncing;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using static RegistryIndex.Testing.Registry.HandMadeImages;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>A real pull-through cache of a real registry whose requests are counted. The index must not make the cache fetch anything.</summary>
public sealed class CacheTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HashSet<string> _pulledBlobs = [];
    private DockerRegistry _registry = null!;
    private DockerRegistry _cache = null!;
    private RegistryProxy _upstream = null!;
    private EventRelay _events = null!;
    private RunningServer _server = null!;
    private HandMadeImages _images = null!;
    private RegistryPusher _clientOfCache = null!;
    private string _pulled = ""; // by any client, last

    public async ValueTask InitializeAsync()
    {
        _registry = await DockerRegistry.StartAsync();
        _upstream = await RegistryProxy.StartAsync();
        _upstream.Target = _registry.Address;
        _events = await EventRelay.StartAsync();
        _cache = await DockerRegistry.StartAsync($"""
            proxy:
              remoteurl: {_upstream.Url}
            notifications:
              endpoints:
                - name: index
                  url: {_events.Url}
                  timeout: 5s
                  threshold: 3
                  backoff: 200ms
            """);
        _images = new(_registry.Address);
        _clientOfCache = new(_cache.Address);
        using var pusher = new RegistryPusher(_registry.Address);
        foreach (var name in (string[])["team/app", "team/multi", "team/looked-at", "team/other"])
            await pusher.PrepareAsync(name);
        await _images.ImageAsync("team/app", "latest", [(Description, "The app")]);
        await _images.ImageAsync("team/app", "1.0", [(Description, "An old app")], content: "old");
        var (arm, amd) = (await _images.ImageAsync("team/multi", "arm", content: "arm"), await _images.ImageAsync("team/multi", "amd", [(Description, "For several platforms")]));
        arm["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = "riscv64" };
        amd["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = "amd64" };
        await _images.IndexAsync("team/multi", "latest", [arm, amd]);
        await _images.ImageAsync("team/looked-at", "latest", [(Description, "Nobody pulled its config")]);
        await _images.ImageAsync("team/never", "latest", [(Description, "Nobody pulled it")]);
        _server = await RunningServer.StartAsync(
            ("sqlalchemy_index_database", $"sqlite:///{_directory.Path}/index.db"), ("registry", $"http://{_cache.Address}"), ("registry_is_cache", "true"), ("sync_interval", "0"), ("Logging:LogLevel:Default", "None"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _images.Dispose();
        _clientOfCache.Dispose();
        await _cache.DisposeAsync();
        await _events.DisposeAsync();
        await _upstream.DisposeAsync();
        await _registry.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_pulled_image_is_found_with_its_description_without_requests_to_the_upstream()
    {
        await PullAsync("team/app:latest");
        await PullAsync("team/app:1.0");
        await PullAsync("team/multi:latest");
        await PassEventsAsync();
        await WaitForAsync(("team/app", "The app"), ("team/multi", "For several platforms"));
        ExpectNothingFetched();

        // A new build with the same tag, and then the same build again.
        await _images.ImageAsync("team/app", "latest", [(Description, "The next app")], content: "next");
        await PullAsync("team/app:latest");
        await PassEventsAsync();
        await WaitForAsync(("team/app", "The next app"), ("team/multi", "For several platforms"));
        var asked = Pending().Count;
        asked.Should().Be(0);
        await PullAsync("team/app:latest");
        await PassEventsAsync();
        Pending().Count.Should().Be(0, "nothing has changed");
        ExpectNothingFetched();
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("GET")]
    public async Task An_image_whose_manifest_only_was_requested_is_not_fetched(string method)
    {
        using (var client = new HttpClient())
        using (var request = new HttpRequestMessage(new(method), new Uri($"http://{_cache.Address}/v2/team/looked-at/manifests/latest")))
        {
            request.Headers.Add("Accept", ManifestType);
            (await client.SendAsync(request)).EnsureSuccessStatusCode();
            _pulled = "team/looked-at";
        }

        await PassEventsAsync();
        await WaitForAsync(("team/looked-at", null));
        await SyncAsync();
        ExpectNothingFetched();

        await PullAsync("team/looked-at:latest");
        await PassEventsAsync();
        await WaitForAsync(("team/looked-at", "Nobody pulled its config"));
        ExpectNothingFetched();
    }

    [Fact]
    public async Task A_re_sync_of_a_cache_reads_only_the_names()
    {
        await PullAsync("team/app:latest");
        await PullAsync("team/multi:latest");
        await SettleAsync();
        (await SyncAsync()).Should().Match<SyncResult>(result => result.Written.Added == 2 && result.IsClean);
        (await ListAsync()).Should().Equal([("team/app", null), ("team/multi", null)]);

        await _server.Services.GetRequiredService<RegistryClient>().ProbeAsync();
        ExpectNothingFetched();

        await PassEventsAsync();
        await WaitForAsync(("team/app", "The app"), ("team/multi", "For several platforms"));
        (await SyncAsync()).Should().Match<SyncResult>(result => result.Changes == 0 && result.IsClean, "the list of names does not remove descriptions");
        ExpectNothingFetched();
    }

    [Fact]
    public async Task Repositories_that_a_cache_evicts_stay_in_the_index()
    {
        await PullAsync("team/app:latest");
        await PullAsync("team/multi:latest");
        await PassEventsAsync();
        await WaitForAsync(("team/app", "The app"), ("team/multi", "For several platforms"));

        Directory.Delete(Path.Combine(_cache.RootDirectory, "docker"), recursive: true);
        await _images.ImageAsync("team/other", "latest", [(Description, "Pulled later")]);
        await PullAsync("team/other:latest");
        await PassEventsAsync();
        await _events.PassAsync("""{"events":[{"action":"delete","target":{"repository":"team/app"}},{"action":"delete","target":{"repository":"team/multi","tag":"latest"}}]}""", Address);
        await WaitForAsync(("team/app", "The app"), ("team/multi", "For several platforms"), ("team/other", "Pulled later"));
        foreach (var isForced in (bool[])[false, true])
            (await SyncAsync(isForced)).Should().Match<SyncResult>(result => result.Removed == 0 && result.IsClean);
        await WaitForAsync(("team/app", "The app"), ("team/multi", "For several platforms"), ("team/other", "Pulled later"));
        ExpectNothingFetched();
    }

    private string Address => _server.Client.BaseAddress!.Authority;

    private PendingRepositories Pending() => _server.Services.GetRequiredService<PendingRepositories>();

    private Task<SyncResult> SyncAsync(bool isForced = false) => _server.Services.GetRequiredService<Synchronizer>().RunAsync(new() { IsForced = isForced }, CancellationToken.None);

    private async Task PullAsync(string image)
    {
        var target = Path.Combine(_directory.Path, Guid.NewGuid().ToString("n"));
        var result = await ProcessRunner.RunAsync(
            "skopeo", ["--insecure-policy", "--override-os", "linux", "--override-arch", "amd64", "copy", "--src-tls-verify=false", $"docker://{_cache.Address}/{image}", $"dir:{target}"]);
        result.ExitCode.Should().Be(0, result.Stderr);
        _pulled = image.Split(':')[0];
    }

    private async Task SettleAsync()
    {
        await _events.SettleAsync(_clientOfCache, _pulled);
        foreach (var target in _events.Held.SelectMany(body => JsonNode.Parse(body)!["events"]!.AsArray()).Select(it => it!["target"]!))
        {
            if (target["mediaType"]!.GetValue<string>() == "application/octet-stream")
                _pulledBlobs.Add(target["digest"]!.GetValue<string>());
        }

        _upstream.Forget();
    }

    // After a cache has served a blob, it still stores it, and requests it from upstream once more.
    private void ExpectNothingFetched() => _upstream.Requests.Where(request => !_pulledBlobs.Any(digest => request.EndsWith($"/blobs/{digest}", StringComparison.Ordinal))).Should().BeEmpty();

    // The events arrive when the client is done, so the index causes all later requests to upstream.
    private async Task PassEventsAsync()
    {
        await SettleAsync();
        await PassHeldAsync();
    }

    private async Task PassHeldAsync()
    {
        while (_events.Held.TryDequeue(out var body))
        {
            if (!body.Contains("settled-", StringComparison.Ordinal))
                await _events.PassAsync(body, Address);
        }
    }

    private async Task<List<(string Name, string? Description)>> ListAsync() =>
        await _server.Index.ListAsync().Select(repository => (repository.Name, repository.Description)).ToListAsync();

    private async Task WaitForAsync(params (string Name, string? Description)[] expected)
    {
        List<(string Name, string? Description)> found = [];
        await Eventually.BeAsync(
            async () =>
            {
                await PassHeldAsync(); // the event of a blob may arrive after the client has it, and after those of later pulls
                return (found = await ListAsync()).SequenceEqual(expected) && Pending().Count == 0;
            },
            () => $"the index holds {string.Join(", ", found)} instead of {string.Join(", ", expected)}");
    }
}
