using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace RegistryIndex.Testing.Registry;

/// <summary>Stands between the index and a real registry. It counts requests, and can simulate the failures of a registry.</summary>
public sealed class RegistryProxy : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly ConcurrentQueue<string> _paths = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _answered = new();
    private readonly WebApplication _app;

    private RegistryProxy(X509Certificate2? certificate)
    {
        _app = LoopbackApp.Create(
            listen: certificate is null ? null : listen => listen.UseHttps(certificate),
            kestrel: kestrel => kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1); // passes on any bytes
        _app.Run(AnswerAsync);
    }

    /// <summary>Its address: http://host:port.</summary>
    public string Url => _app.Urls.First();

    /// <summary>The host and port of the registry behind it. Null while there is none.</summary>
    public string? Target { get; set; }

    /// <summary>Answers in place of the registry if it returns true.</summary>
    public Func<HttpContext, Task<bool>> Fault { get; set; } = _ => Task.FromResult(false);

    /// <summary>
    /// The paths of the requests since the list was last cleared, without <c>/v2/</c>: a server asks from time to time whether its registry
    /// is there.
    /// </summary>
    public IReadOnlyList<string> Paths => [.. _paths];

    /// <summary>The paths that the registry has answered.</summary>
    public IReadOnlyList<string> Answered => [.. _answered];

    /// <summary>The paths with their methods, such as <c>GET /v2/_catalog</c>.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>The number of look-ups of each repository. A look-up begins with the list of its tags.</summary>
    public IReadOnlyDictionary<string, int> Lookups => _paths.Where(path => path.EndsWith("/tags/list", StringComparison.Ordinal))
        .CountBy(path => path["/v2/".Length..^"/tags/list".Length]).ToDictionary();

    /// <param name="certificate">The certificate for TLS. Null for plain HTTP.</param>
    public static async Task<RegistryProxy> StartAsync(X509Certificate2? certificate = null)
    {
        var proxy = new RegistryProxy(certificate);
        await proxy._app.StartAsync();
        return proxy;
    }

    public void Forget()
    {
        _paths.Clear();
        _requests.Clear();
        _answered.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/v2/")
        {
            _paths.Enqueue(context.Request.Path.Value!);
            _requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        }

        if (await Fault(context))
            return;
        if (Target is null)
        {
            context.Abort();
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri($"http://{Target}{context.Request.Path}{context.Request.QueryString}"));
        foreach (var name in (string[])["Accept", "Authorization", "If-None-Match"])
        {
            if (context.Request.Headers.TryGetValue(name, out var values))
                request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        using var response = await _client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        context.Response.ContentLength = response.Content.Headers.ContentLength;
        foreach (var name in (string[])["Link", "Location", "WWW-Authenticate", "Docker-Content-Digest", "ETag"])
        {
            if (response.Headers.NonValidated.TryGetValues(name, out var values))
                context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        _answered.Enqueue(context.Request.Path.Value!);
    }
}
