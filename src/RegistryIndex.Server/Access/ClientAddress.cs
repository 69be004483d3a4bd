using System.Net;
using System.Net.Sockets;

namespace RegistryIndex.Server.Access;

/// <summary>Who asks, after what trusted proxies say of it.</summary>
internal static class ClientAddress
{
    /// <summary>The address, an IPv4 one as such; null of a Unix socket.</summary>
    public static IPAddress? Of(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;

    /// <summary>What limits count as one client: an IPv4 address, or a /64 of IPv6, since one who has an address there has 2^64 of them.</summary>
    public static IPAddress NetworkOf(HttpContext context)
    {
        if (Of(context) is not { } client)
            return IPAddress.None;
        if (client.AddressFamily != AddressFamily.InterNetworkV6)
            return client;
        var bytes = client.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}
