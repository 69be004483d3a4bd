using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using RegistryIndex.Files;

namespace RegistryIndex.Registry.Connecting;

/// <summary>
/// Pooled HTTP connections. They use a proxy where the environment names one, and TLS with the files of the settings, whose certificates
/// may be renewed. The first request opens the files. Redirects are never followed. Thread-safe.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="isRegistry">Whether the connections are to the registry, and not to another host.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives changes of the files.</param>
internal sealed class Connections(RegistryOptions options, bool isRegistry, TimeProvider time, ILogger logger) : HttpMessageHandler
{
    private readonly Lock _gate = new();

    // Requests over connections with former files are not broken off; these connections close when they are idle.
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
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // the host's address may change
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        Proxy = EnvironmentProxy.OfProcess,
        SslOptions = tls,
    });
}
