using System.Diagnostics;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>A real registry that tells the real server of every change, and the server that follows it.</summary>
internal sealed class LiveRegistry : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryDirectory _directory = new();
    private string[] _arguments = [];

    public required RegistryProxy Proxy { get; init; }

    public DockerRegistry Registry { get; private set; } = null!;

    public RegistryIndexProcess Server { get; private set; } = null!;

    public RegistryPusher Pusher { get; private set; } = null!;

    public string Database => $"sqlite:///{_directory.Path}/index.db";

    public string Directory => _directory.Path;

    public static async Task<LiveRegistry> StartAsync(params string[] arguments)
    {
        var live = new LiveRegistry { Proxy = await RegistryProxy.StartAsync() };
        live._arguments = ["--database", live.Database, "--registry", live.Proxy.Url, .. arguments];
        live.Server = await RegistryIndexProcess.ServeAsync(live._arguments);
        live.Registry = await DockerRegistry.StartAsync($"""
            notifications:
              endpoints:
                - name: index
                  url: http://{live.Server.Address}/events
                  timeout: 1s
                  threshold: 3
                  backoff: 200ms
            """);
        live.Proxy.Target = live.Registry.Address;
        live.Pusher = new(live.Registry.Address);
        return live;
    }

    public string[] Arguments(params string[] command) => [.. command, .. _arguments];

    /// <summary>Starts the server anew, at the same address.</summary>
    public async Task RestartAsync()
    {
        var address = Server.Address;
        await Server.DisposeAsync();
        Server = await RegistryIndexProcess.ServeAtAsync($"http://{address}", _arguments);
    }

    /// <summary>Pushes an image by skopeo.</summary>
    public async Task<string> PushAsync(string name, string? annotation = null, string tag = "latest", string? label = null, IReadOnlyList<string>? platforms = null)
    {
        var layout = System.IO.Path.Combine(_directory.Path, Guid.NewGuid().ToString("n"));
        var digest = OciImage.Write(layout, annotation, label, platforms, content: name);
        await Skopeo.CopyAsync(layout, $"{Registry.Address}/{name}:{tag}");
        return digest;
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
        _directory.Dispose();
    }
}
