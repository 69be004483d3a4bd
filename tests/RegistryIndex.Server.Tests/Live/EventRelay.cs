using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>Takes a registry's events in place of the index, which gets them when and how a test wants.</summary>
internal sealed class EventRelay : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new();

    private EventRelay()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/events", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            Held.Enqueue(await reader.ReadToEndAsync());
        });
    }

    public string Url => $"{_app.Urls.First()}/events";

    /// <summary>The bodies that came and were not passed on.</summary>
    public ConcurrentQueue<string> Held { get; } = new();

    public static async Task<EventRelay> StartAsync()
    {
        var relay = new EventRelay();
        await relay._app.StartAsync();
        return relay;
    }

    /// <summary>Passes a body on, as the registry would.</summary>
    public async Task PassAsync(string body, string address)
    {
        using var content = new StringContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/vnd.docker.distribution.events.v1+json") } };
        using var answer = await _client.PostAsync(new Uri($"http://{address}/events"), content);
        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.Accepted);
    }

    /// <summary>Waits until the registry has sent so many, and then a moment whether there are more.</summary>
    public async Task SettleAsync()
    {
        for (var (before, quiet) = (-1, 0); quiet < 5; await Task.Delay(50))
            (before, quiet) = (Held.Count, Held.Count == before ? quiet + 1 : 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }
}
