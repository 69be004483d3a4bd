using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RegistryIndex.Testing.Registry;

/// <summary>Takes all events of a registry, and tells what it counted as a pull.</summary>
public sealed class EventCounter : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Action, string What)> _events = new();
    private readonly WebApplication _app;

    private EventCounter()
    {
        _app = LoopbackApp.Create();
        _app.MapPost("/events", async (HttpRequest request) =>
        {
            foreach (var it in (await JsonNode.ParseAsync(request.Body))!["events"]!.AsArray())
            {
                var target = it!["target"]!;
                _events.Enqueue((it["action"]!.GetValue<string>(), $"{it["request"]?["method"]} {target["repository"]} {target["tag"] ?? target["digest"]}"));
            }
        });
    }

    /// <summary>What a registry's configuration needs to send them here; nothing is ignored.</summary>
    public string Configuration => $"""
        notifications:
          endpoints:
            - name: counter
              url: {_app.Urls.First()}/events
              timeout: 5s
              threshold: 3
              backoff: 200ms
        """;

    public static async Task<EventCounter> StartAsync()
    {
        var counter = new EventCounter();
        await counter._app.StartAsync();
        return counter;
    }

    /// <summary>All pulls until now, as method, repository and tag or digest; those before are forgotten with it.</summary>
    /// <param name="registry">Host and port of the registry, which sends its events one after the other: one that is made now comes last.</param>
    public async Task<IReadOnlyList<string>> TakePullsAsync(string registry)
    {
        var marker = $"marker/{Guid.NewGuid():n}";
        using (var pusher = new RegistryPusher(registry))
            await pusher.PrepareAsync(marker);
        await Eventually.BeAsync(() => _events.Any(it => it.What.Contains(marker, StringComparison.Ordinal)), () => "the registry does not send its events");

        var pulls = _events.Where(it => it.Action == "pull").Select(it => it.What).ToList();
        _events.Clear();
        return pulls;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
