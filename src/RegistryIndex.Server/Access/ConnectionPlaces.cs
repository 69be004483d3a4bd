using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RegistryIndex.Server.Access;

/// <summary>
/// How many connections there may be at a time: no more than half of the file descriptors that are free when the server starts, since
/// all else that it does needs them, too. One client has a tenth of the places, so that it does not keep the others out; this machine and
/// trusted proxies, which speak for many, have all of them. What finds no place is closed at once. Thread-safe.
/// </summary>
/// <param name="descriptors">How many file descriptors are free; null where that is of no concern.</param>
/// <param name="proxies">Who speaks for many.</param>
/// <param name="refusals">Told of connections that are closed.</param>
internal sealed class ConnectionPlaces(int? descriptors, TrustedProxies proxies, RefusalLog refusals)
{
    private const int Most = 10_000; // whose memory is no burden
    private const int Fewest = 16;
    private readonly int _all = Math.Clamp(descriptors / 2 ?? Most, Fewest, Most);
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _ofClients = [];
    private int _taken;

    private int Share => Math.Max(_all / 10, Fewest);

    public void Use(KestrelServerOptions kestrel) => kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => ServeAsync(connection, next)));

    /// <summary>Takes a place, which is to be left again.</summary>
    /// <param name="client">Whose connection it is; null of a Unix socket.</param>
    /// <returns>Why there is none, as the end of a sentence; null when there is.</returns>
    public string? TryTake(IPAddress? client)
    {
        var network = ClientAddress.NetworkOf(client);
        lock (_gate)
        {
            if (_taken == _all)
                return "as there are as many connections as the server can hold";
            var taken = _ofClients.GetValueOrDefault(network);
            if (taken >= Share && !proxies.Contains(client))
                return "as it has as many connections as one client may have";
            _ofClients[network] = taken + 1;
            _taken++;
            return null;
        }
    }

    public void Leave(IPAddress? client)
    {
        var network = ClientAddress.NetworkOf(client);
        lock (_gate)
        {
            _taken--;
            if (--_ofClients[network] == 0)
                _ofClients.Remove(network);
        }
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var client = ClientAddress.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (TryTake(client) is { } why)
        {
            refusals.Write(client, why);
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(client);
        }
    }
}
