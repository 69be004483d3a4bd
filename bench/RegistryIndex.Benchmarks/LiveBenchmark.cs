using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Benchmarks;

/// <summary>
/// Measures, with a real registry that sends its events to the real server, how long until a search shows a push or a delete, and how
/// many look-ups a burst of pushes costs.
/// </summary>
internal sealed class LiveBenchmark(RegistryProxy proxy, RegistryPusher pusher, string address, TextWriter output) : IDisposable
{
    private const int Bursts = 9;
    private const int Repositories = 50;
    private static readonly string[] Tags = ["1.0", "1.1", "1.2", "latest"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _client = new();

    public static async Task RunAsync(int count, TextWriter output)
    {
        using var directory = new TemporaryDirectory();
        await using var proxy = await RegistryProxy.StartAsync();
        await using var server = await RegistryIndexProcess.ServeAsync("--database", $"sqlite:///{directory.Path}/index.db", "--registry", proxy.Url, "--set", "sync_interval=0");
        await using var registry = await DockerRegistry.StartAsync($"""
            notifications:
              endpoints:
                - name: index
                  url: http://{server.Address}/events
                  timeout: 1s
                  threshold: 3
                  backoff: 200ms
            """);
        proxy.Target = registry.Address;
        using var pusher = new RegistryPusher(registry.Address);
        using var benchmark = new LiveBenchmark(proxy, pusher, server.Address, output);
        for (var start = Stopwatch.GetTimestamp(); !(await benchmark._client.GetAsync(new Uri($"http://{server.Address}/readyz"))).IsSuccessStatusCode;)
            await PauseAsync(start);
        await benchmark.ChangeAsync(count);
        await benchmark.BurstAsync();
    }

    public void Dispose() => _client.Dispose();

    private async Task ChangeAsync(int count)
    {
        await output.WriteLineAsync("| change, one at a time | times | in a search after, ms: median | longest |\n|---|---|---|---|");
        var (added, changed, deleted) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < count; i++)
        {
            var name = $"team/app-{i}";
            await pusher.PrepareAsync(name);
            var first = await pusher.PushAsync(name, "first");
            added.Add(await WaitAsync(name, "first"));
            var second = await pusher.PushAsync(name, "second");
            changed.Add(await WaitAsync(name, "second"));
            await pusher.DeleteAsync(name, first);
            await pusher.DeleteAsync(name, second);
            deleted.Add(await WaitAsync(name, null));
        }

        foreach (var (what, times) in new[] { ("a push of a new repository", added), ("a push with another description", changed), ("the last tag deleted", deleted) })
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {what} | {count} | {times.Order().ElementAt(times.Count / 2):0} | {times.Max():0} |"));
        await output.WriteLineAsync();
    }

    private async Task BurstAsync()
    {
        await output.WriteLineAsync($"| burst of {Repositories * Tags.Length} pushes to {Repositories} repositories, in any order | pushed in, s | all found after the last push, s | repositories looked up | look-ups |\n|---|---|---|---|---|");
        for (var burst = 0; burst < Bursts; burst++)
        {
            var names = Enumerable.Range(0, Repositories).Select(i => $"burst-{burst}/app-{i:d2}").ToArray();
            foreach (var name in names)
                await pusher.PrepareAsync(name);
            var pushes = (from name in names from tag in Tags select (name, tag)).ToArray();
            new Random(burst).Shuffle(pushes);
            proxy.Forget();
            var start = Stopwatch.GetTimestamp();
            foreach (var (name, tag) in pushes)
                await pusher.PushAsync(name, $"as {tag}", tag);
            var pushed = Stopwatch.GetElapsedTime(start);
            while (await CountAsync($"burst-{burst}") < Repositories)
                await PauseAsync(start);
            var found = Stopwatch.GetElapsedTime(start) - pushed;
            while (!(await _client.GetStringAsync(new Uri($"http://{address}/readyz"))).Contains("\"pending\":0", StringComparison.Ordinal))
                await PauseAsync(start);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {burst + 1} | {pushed.TotalSeconds:0.0} | {found.TotalSeconds:0.0} | {proxy.Lookups.Count} | {proxy.Lookups.Values.Sum()} |"));
        }
    }

    /// <summary>Waits until the index returns the expected result for a repository. Returns the time in milliseconds.</summary>
    private async Task<double> WaitAsync(string name, string? description)
    {
        var start = Stopwatch.GetTimestamp();
        while (await FindAsync(name) != description)
            await PauseAsync(start);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private async Task<string?> FindAsync(string name) =>
        (await SearchAsync(name)).Where(row => row!["name"]!.GetValue<string>() == name).Select(row => row!["description"]!.GetValue<string>()).SingleOrDefault();

    private async Task<int> CountAsync(string term) => (await SearchAsync(term)).Count(row => row!["description"]!.GetValue<string>() == "as latest");

    private async Task<JsonArray> SearchAsync(string term) =>
        JsonNode.Parse(await _client.GetStringAsync(new Uri($"http://{address}/v1/search?n=100&q={Uri.EscapeDataString(term)}")))!["results"]!.AsArray();

    private static async Task PauseAsync(long start)
    {
        if (Stopwatch.GetElapsedTime(start) > Patience)
            throw new InvalidOperationException("The index did not follow the registry within a minute.");
        await Task.Delay(10);
    }
}
