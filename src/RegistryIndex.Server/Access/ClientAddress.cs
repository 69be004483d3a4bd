using System.Net;
using System.Net.Sockets;

namespace RegistryIndex.Server.Access;

/// <summary>Who asks, after what trusted proxies say of it.</summary>
internal static class ClientAddress
{
    /// <summary>The address, an IPv4 one as such; null of a Unix socket.</summary>
    public static IPAddress? Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>An IPv4 address as such, however the system says it.</summary>
    public static IPAddress? Of(IPAddress? remote) => remote is { IsIPv4MappedToIPv6: true } ? remote.MapToIPv4() : remote;

    /// <summary>What limits count as one client: an IPv4 address, or a /64 of IPv6, since one who has an address there has 2^64 of them.</summary>
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
