using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>Receives a registry's events in place of the index, and passes them on when and how a test wants.</summary>
internal sealed class EventRelay : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new();

    private EventRelay()
    {
        _app = LoopbackApp.Create();
        _app.MapPost("/events", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            Held.Enqueue(await reader.ReadToEndAsync());
        });
    }

    public string Url => $"{_app.Urls.First()}/events";

    /// <summary>The bodies that were received and not passed on.</summary>
    public ConcurrentQueue<string> Held { get; } = new();

    public static async Task<EventRelay> StartAsync()
    {
        var relay = new EventRelay();
        await relay._app.StartAsync();
        return relay;
    }

    /// <summary>Passes a body on like the registry.</summary>
    public async Task PassAsync(string body, string address)
    {
        using var content = new StringContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/vnd.docker.distribution.events.v1+json") } };
        using var answer = await _client.PostAsync(new Uri($"http://{address}/events"), content);
        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.Accepted);
    }

    /// <summary>Waits until the registry has sent all earlier events: it sends them in order, and this method causes a recognizable one.</summary>
    /// <param name="pusher">The registry.</param>
    /// <param name="prepared">A prepared repository.</param>
    public async Task SettleAsync(RegistryPusher pusher, string prepared)
    {
        var last = $"settled-{Guid.NewGuid():n}";
        await pusher.PullAsync(prepared, last);
        await Eventually.BeAsync(() => Held.Any(body => body.Contains(last, StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }
}
