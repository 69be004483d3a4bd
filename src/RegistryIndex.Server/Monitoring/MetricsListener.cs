using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RegistryIndex.Server.Monitoring;

/// <summary>
/// Keeps the metrics and everything else apart: the addresses of <c>metrics_urls</c> serve the metrics only, and those of <c>urls</c> all but
/// them. What is not served at an address is answered as any path that is not there.
/// </summary>
/// <param name="publicUrls">How many addresses <c>urls</c> has. The web server opens these first.</param>
internal sealed class MetricsListener(int publicUrls)
{
    public const string Path = "/metrics";

    private int _opened;

    public void Use(ListenOptions listen)
    {
        if (_opened++ < publicUrls)
            return;
        listen.Use(next => connection =>
        {
            connection.Features.Set(this);
            return next(connection);
        });
    }

    /// <summary>Adds the middleware, which must run before logins are asked for.</summary>
    public void Use(WebApplication app) => app.Use((context, next) =>
    {
        var isMetrics = context.GetEndpoint()?.Metadata.GetMetadata<MetricsListener>() == this;
        if (isMetrics != (context.Features.Get<MetricsListener>() == this))
            context.SetEndpoint(null);
        return next(context);
    });
}
