using System.Net;
using System.Net.Sockets;

namespace RegistryIndex.Server.Access;

/// <summary>Determines a client's address, after trusted proxies were taken into account.</summary>
internal static class ClientAddress
{
    /// <summary>The address, an IPv4 one in its IPv4 form; null for a Unix socket.</summary>
    public static IPAddress? Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>Returns an IPv4 address in its IPv4 form, however the system writes it.</summary>
    public static IPAddress? Of(IPAddress? remote) => remote is { IsIPv4MappedToIPv6: true } ? remote.MapToIPv4() : remote;

    /// <summary>Returns what limits count as one client: an IPv4 address, or a /64 of IPv6, since a client there has 2^64 addresses.</summary>
    public static IPAddress NetworkOf(HttpContext context) => NetworkOf(Of(context));

    /// <inheritdoc cref="NetworkOf(HttpContext)"/>
    public static IPAddress NetworkOf(IPAddress? client)
    {
        if (client is null)
            return IPAddress.None;
        if (client.AddressFamily != AddressFamily.InterNetworkV6)
            return client;
        var bytes = client.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}
