using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RegistryIndex.Server.Access;

/// <summary>
/// Limits how many connections may exist at a time: at most half of the file descriptors that are free when the server starts, since all
/// other work needs descriptors too. One client may use a tenth of the places, so that it cannot lock out the others; this machine and
/// trusted proxies, which act for many clients, may use all of them. A connection without a place is closed at once. Thread-safe.
/// </summary>
/// <param name="descriptors">How many file descriptors are free; null when there is no known limit.</param>
/// <param name="proxies">The proxies that act for many clients.</param>
/// <param name="refusals">Receives the connections that are closed.</param>
internal sealed class ConnectionPlaces(int? descriptors, TrustedProxies proxies, RefusalLog refusals)
{
    private const int Most = 10_000; // their memory is affordable
    private const int Fewest = 16;
    private readonly int _all = Math.Clamp(descriptors / 2 ?? Most, Fewest, Most);
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _ofClients = [];
    private int _taken;

    private int Share => Math.Max(_all / 10, Fewest);

    public void Use(ListenOptions listen) => listen.Use(next => connection => ServeAsync(connection, next));

    /// <summary>Takes a place; the caller has to leave it again.</summary>
    /// <param name="client">The address of the connection's client; null for a Unix socket.</param>
    /// <returns>Why there is no place, as the end of a sentence; null when the place was taken.</returns>
    public string? TryTake(IPAddress? client)
    {
        var network = ClientAddress.NetworkOf(client);
        lock (_gate)
        {
            if (_taken == _all)
                return "because the server has its maximum number of connections";
            var taken = _ofClients.GetValueOrDefault(network);
            if (taken >= Share && !proxies.Contains(client))
                return "because it has the maximum number of connections of one client";
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
