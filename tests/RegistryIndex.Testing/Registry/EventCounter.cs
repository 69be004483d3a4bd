using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RegistryIndex.Testing.Registry;

/// <summary>Receives all events of a registry, and reports which requests the registry counted as pulls.</summary>
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

    /// <summary>The configuration with which a registry sends all its events here.</summary>
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

    /// <summary>Returns all pulls since the last call, as method, repository, and tag or digest.</summary>
    /// <param name="registry">The host and port of the registry. It sends its events in order, so an event that is caused now comes last.</param>
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
