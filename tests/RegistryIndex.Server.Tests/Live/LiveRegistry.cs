using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>A real registry that sends its events to the real server, which follows it.</summary>
internal sealed class LiveRegistry : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _client = new();
    private (string Key, string Value)[] _settings = [];

    public required RegistryProxy Proxy { get; init; }

    public DockerRegistry Registry { get; private set; } = null!;

    /// <summary>The server in this process. Null if it has a process of its own.</summary>
    public RunningServer? Here { get; private set; }

    /// <summary>The server in a process of its own. Null if it is in this process.</summary>
    public RegistryIndexProcess? Process { get; private set; }

    public RegistryPusher Pusher { get; private set; } = null!;

    public string Address => Here?.Client.BaseAddress!.Authority ?? Process!.Address;

    public string Database => $"sqlite:///{_directory.Path}/index.db";

    /// <param name="isProcess">Whether the server has a process of its own, which can be killed.</param>
    /// <param name="events">The receiver of the registry's events. Null for the server.</param>
    /// <param name="time">The clock of a server in this process. Null for the system's.</param>
    /// <param name="settings">Additional settings of the server.</param>
    public static async Task<LiveRegistry> StartAsync(bool isProcess = false, string? events = null, TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var live = new LiveRegistry { Proxy = await RegistryProxy.StartAsync() };
        live._settings = [("sqlalchemy_index_database", live.Database), ("registry", live.Proxy.Url), ("Logging:LogLevel:Default", isProcess ? "Information" : "None"), .. settings];
        if (isProcess)
            live.Process = await RegistryIndexProcess.ServeAsync(live.Arguments());
        else
            live.Here = await RunningServer.StartAsync(time ?? TimeProvider.System, live._settings);
        live.Registry = await DockerRegistry.StartAsync($"""
            notifications:
              endpoints:
                - name: index
                  url: {events ?? $"http://{live.Address}/events"}
                  timeout: 60s # what is sent twice a test would count twice
                  threshold: 3
                  backoff: 200ms
            """);
        live.Proxy.Target = live.Registry.Address;
        live.Pusher = new(live.Registry.Address);
        await live.WaitForReadinessAsync(_ => true);
        return live;
    }

    /// <summary>Arguments for a command on the same index and registry.</summary>
    public string[] Arguments(params string[] command) => [.. command, .. _settings.SelectMany(setting => (string[])["--set", $"{setting.Key}={setting.Value}"])];

    /// <summary>Restarts a killed server at another address, which the registry's events do not reach.</summary>
    public async Task RestartElsewhereAsync()
    {
        await Process!.DisposeAsync();
        Process = await RegistryIndexProcess.ServeAsync(Arguments());
        await WaitForReadinessAsync(_ => true);
    }

    /// <summary>Pushes an image with skopeo.</summary>
    public async Task<string> PushAsync(string name, string? annotation = null, string tag = "latest", string? label = null, IReadOnlyList<string>? platforms = null)
    {
        var layout = System.IO.Path.Combine(_directory.Path, Guid.NewGuid().ToString("n"));
        var digest = OciImage.Write(layout, annotation, label, platforms, content: name);
        await Skopeo.CopyAsync(layout, $"{Registry.Address}/{name}:{tag}");
        return digest;
    }

    /// <summary>The content of the index.</summary>
    public async Task<List<(string Name, string? Description)>> ListAsync()
    {
        var answer = JsonNode.Parse(await _client.GetStringAsync(new Uri($"http://{Address}/v1/search?q=&n=100")))!;
        answer["continuation"].Should().BeNull("only a part of more than 100 repositories would be seen");
        return [.. answer["results"]!.AsArray().Select(row => (row!["name"]!.GetValue<string>(), row["description"]?.GetValue<string>()))];
    }

    /// <summary>Waits until the index has exactly this content.</summary>
    public async Task WaitForAllAsync(Func<IEnumerable<(string Name, string? Description)>> expected)
    {
        List<(string Name, string? Description)> found = [];
        await Eventually.BeAsync(
            async () => (found = await ListAsync()).SequenceEqual(expected()),
            () => $"the index holds {string.Join(", ", found)} instead of {string.Join(", ", expected())}; the server said {Process?.Log}");
    }

    /// <summary>Waits until the readiness endpoint reports a state.</summary>
    public async Task<JsonNode> WaitForReadinessAsync(Func<JsonNode, bool> says)
    {
        var (text, found) = ("", (JsonNode?)null);
        await Eventually.BeAsync(
            async () =>
            {
                using var response = await _client.GetAsync(new Uri($"http://{Address}/readyz"));
                text = await response.Content.ReadAsStringAsync();
                found = response.IsSuccessStatusCode ? JsonNode.Parse(text)!["following"] : null;
                return found is not null && says(found);
            },
            () => $"/readyz says {text}; the server said {Process?.Log}");
        return found!;
    }

    /// <summary>The value of the metric that reports whether the registry answers.</summary>
    public int MeasureUp()
    {
        var (meter, measured) = (Here!.Services.GetRequiredService<IMeterFactory>().Create("RegistryIndex"), -1);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Name == "registryindex.registry.up" && ReferenceEquals(instrument.Meter, meter))
                it.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => measured = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }

    /// <summary>The results of podman.</summary>
    public async Task<List<(string Name, string Description)>> SearchAsync(string term)
    {
        var result = await ProcessRunner.RunAsync(
            "podman", ["search", "--tls-verify=false", "--no-trunc", "--limit", "100", "--format", "{{.Name}}\t{{.Description}}", $"{Address}/{term}"]);
        result.ExitCode.Should().Be(0, "podman said: {0}", result.Stderr);
        return [.. result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Select(row => (row[0].Split('/', 2)[1], row.ElementAtOrDefault(1)?.Trim() ?? ""))];
    }

    /// <summary>Waits until podman has exactly these results, and returns the duration.</summary>
    public async Task<TimeSpan> WaitForAsync(string term, params (string Name, string Description)[] expected)
    {
        var start = Stopwatch.GetTimestamp();
        List<(string Name, string Description)> found = [];
        await Eventually.BeAsync(
            async () => (found = await SearchAsync(term)).SequenceEqual(expected),
            () => $"of '{term}' podman finds {string.Join(", ", found)} instead of {string.Join(", ", expected)}; the server said {Process?.Log}");
        return Stopwatch.GetElapsedTime(start);
    }

    public async ValueTask DisposeAsync()
    {
        Pusher?.Dispose();
        if (Registry is not null)
            await Registry.DisposeAsync();
        if (Process is not null)
            await Process.DisposeAsync();
        if (Here is not null)
            await Here.DisposeAsync();
        await Proxy.DisposeAsync();
        _client.Dispose();
        _directory.Dispose();
    }
}
