using System.Diagnostics;
using System.Text.Json.Nodes;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>A real registry that tells the real server of every change, and the server that follows it.</summary>
internal sealed class LiveRegistry : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _client = new();
    private string[] _arguments = [];

    public required RegistryProxy Proxy { get; init; }

    public DockerRegistry Registry { get; private set; } = null!;

    public RegistryIndexProcess Server { get; private set; } = null!;

    public RegistryPusher Pusher { get; private set; } = null!;

    public string Database => $"sqlite:///{_directory.Path}/index.db";

    public string Directory => _directory.Path;

    public static Task<LiveRegistry> StartAsync(params string[] arguments) => StartAsync(events: null, arguments);

    /// <param name="events">Where the registry sends its events, if not to the server.</param>
    /// <param name="arguments">More arguments of the server.</param>
    public static async Task<LiveRegistry> StartAsync(string? events, string[] arguments)
    {
        var live = new LiveRegistry { Proxy = await RegistryProxy.StartAsync() };
        live._arguments = ["--database", live.Database, "--registry", live.Proxy.Url, .. arguments];
        live.Server = await RegistryIndexProcess.ServeAsync(live._arguments);
        live.Registry = await DockerRegistry.StartAsync($"""
            notifications:
              endpoints:
                - name: index
                  url: {events ?? $"http://{live.Server.Address}/events"}
                  timeout: 1s
                  threshold: 3
                  backoff: 200ms
            """);
        live.Proxy.Target = live.Registry.Address;
        live.Pusher = new(live.Registry.Address);
        return live;
    }

    public string[] Arguments(params string[] command) => [.. command, .. _arguments];

    /// <summary>Starts the server anew after it was killed, where the registry's events do not find it.</summary>
    public async Task RestartElsewhereAsync()
    {
        await Server.DisposeAsync();
        Server = await RegistryIndexProcess.ServeAsync(_arguments);
    }

    /// <summary>Pushes an image by skopeo.</summary>
    public async Task<string> PushAsync(string name, string? annotation = null, string tag = "latest", string? label = null, IReadOnlyList<string>? platforms = null)
    {
        var layout = System.IO.Path.Combine(_directory.Path, Guid.NewGuid().ToString("n"));
        var digest = OciImage.Write(layout, annotation, label, platforms, content: name);
        await Skopeo.CopyAsync(layout, $"{Registry.Address}/{name}:{tag}");
        return digest;
    }

    /// <summary>All that the index holds.</summary>
    public async Task<List<(string Name, string? Description)>> ListAsync()
    {
        var answer = JsonNode.Parse(await _client.GetStringAsync(new Uri($"http://{Server.Address}/v1/search?q=&n=100")))!;
        answer["continuation"].Should().BeNull("of more than 100 repositories only a part would be seen");
        return [.. answer["results"]!.AsArray().Select(row => (row!["name"]!.GetValue<string>(), row["description"]?.GetValue<string>()))];
    }

    /// <summary>Waits until the index holds just that.</summary>
    public async Task WaitForAllAsync(Func<IEnumerable<(string Name, string? Description)>> expected)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            var (found, wanted) = (await ListAsync(), expected().ToList());
            if (found.SequenceEqual(wanted))
                return;
            if (Stopwatch.GetElapsedTime(start) > Patience)
                found.Should().Equal(wanted, "after {0}; the server said {1}", Patience, Server.Log);
        }
    }

    /// <summary>Waits until the readiness says that.</summary>
    public async Task<JsonNode> WaitForReadinessAsync(Func<JsonNode, bool> says)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            using var response = await _client.GetAsync(new Uri($"http://{Server.Address}/readyz"));
            var text = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode && JsonNode.Parse(text)!["following"] is { } following && says(following))
                return following;
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new InvalidOperationException($"/readyz says {text}; the server said {Server.Log}");
        }
    }

    /// <summary>What podman finds.</summary>
    public async Task<List<(string Name, string Description)>> SearchAsync(string term)
    {
        var result = await ProcessRunner.RunAsync(
            "podman", ["search", "--tls-verify=false", "--no-trunc", "--limit", "100", "--format", "{{.Name}}\t{{.Description}}", $"{Server.Address}/{term}"], Patience);
        result.ExitCode.Should().Be(0, "podman said: {0}", result.Stderr);
        return [.. result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Select(row => (row[0].Split('/', 2)[1], row.ElementAtOrDefault(1)?.Trim() ?? ""))];
    }

    /// <summary>Waits until podman finds just that, and says how long that took.</summary>
    public async Task<TimeSpan> WaitForAsync(string term, params (string Name, string Description)[] expected)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var found = await SearchAsync(term);
            if (found.SequenceEqual(expected))
                return Stopwatch.GetElapsedTime(start);
            if (Stopwatch.GetElapsedTime(start) > Patience)
                found.Should().Equal(expected, "of '{0}' after {1}; the server said {2}", term, Patience, Server.Log);
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Pusher?.Dispose();
        if (Registry is not null)
            await Registry.DisposeAsync();
        if (Server is not null)
            await Server.DisposeAsync();
        await Proxy.DisposeAsync();
        _client.Dispose();
        _directory.Dispose();
    }
}
