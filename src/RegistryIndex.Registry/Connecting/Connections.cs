using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using RegistryIndex.Files;

namespace RegistryIndex.Registry.Connecting;

/// <summary>
/// Connections by HTTP, pooled; through a proxy where the environment says so, and over TLS as the files of the settings say, whose
/// certificates are renewed. The files are opened by the first request. Never follows a redirect. Thread-safe.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="isRegistry">Whether they are to the registry, and not to another host.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of files that change.</param>
internal sealed class Connections(RegistryOptions options, bool isRegistry, TimeProvider time, ILogger logger) : HttpMessageHandler
{
    private readonly Lock _gate = new();

    // What goes on over connections by former files is not broken off; they close when they are idle.
    private WatchedFiles<HttpMessageInvoker>? _current;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Current().Value.SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current?.Dispose();
            _current?.Value.Dispose();
        }

        base.Dispose(disposing);
    }

    private WatchedFiles<HttpMessageInvoker> Current()
    {
        lock (_gate)
            return _current ??= new(TlsFiles.Of(options, isRegistry), contents => Open(TlsFiles.Read(options, isRegistry, contents)), time, logger);
    }

    private static HttpMessageInvoker Open(SslClientAuthenticationOptions tls) => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // its address may change
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        Proxy = EnvironmentProxy.OfProcess,
        SslOptions = tls,
    });
}
