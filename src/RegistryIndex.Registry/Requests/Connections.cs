using System.Net;
using RegistryIndex.Storage;

namespace RegistryIndex.Registry.Requests;

/// <summary>
/// Connections by HTTP, pooled; through a proxy where the environment says so, and over TLS as the files say, which are read again, since
/// certificates are renewed. Never follows a redirect. Thread-safe.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="isRegistry">Whether they are to the registry, and not to another host.</param>
/// <param name="time">The clock.</param>
internal sealed class Connections(RegistryOptions options, bool isRegistry, TimeProvider time) : HttpMessageHandler
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private HttpMessageInvoker? _current;
    private TlsFiles? _tls;
    private long _looked;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Current().SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _current?.Dispose();
        base.Dispose(disposing);
    }

    private HttpMessageInvoker Current()
    {
        lock (_gate)
        {
            if (_current is not null && time.GetElapsedTime(_looked) < LookEvery)
                return _current;
            _looked = time.GetTimestamp();
            try
            {
                if (TlsFiles.Read(options, isRegistry) is var tls && tls != _tls)
                    (_current, _tls) = (Open(tls), tls); // what goes on over the former connections is not broken off; they close when they are idle
            }
            catch (RegistrySourceException) when (_current is not null)
            {
                // Files that are being exchanged need not fit each other for a moment.
            }

            return _current!;
        }
    }

    private static HttpMessageInvoker Open(TlsFiles tls) => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // its address may change
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        Proxy = EnvironmentProxy.OfProcess,
        SslOptions = tls.ToOptions(),
    });
}
