using System.Net;
using System.Net.Sockets;

namespace RegistryIndex.Server.Access;

/// <summary>
/// Determines the client of a request that comes through proxies: the last address of <c>X-Forwarded-For</c> that is neither one of
/// <c>trusted_proxies</c> nor this machine. Any client may have written the addresses before it.
/// </summary>
/// <remarks>
/// This class replaces ASP.NET's middleware: <see cref="IPNetwork.Contains"/> of .NET 10 finds IPv4 addresses in networks of IPv6 (1.1.1.1
/// in <c>fc00::/7</c>, when it is written <c>::ffff:1.1.1.1</c>). Here an IPv4 address is always compared as IPv4.
/// </remarks>
internal sealed class TrustedProxies(IEnumerable<string> setting)
{
    // 10.0.0.0/8 and fc00::/7 are the widest private networks.
    private const int WidestOfIPv4 = 8;
    private const int WidestOfIPv6 = 7;
    private const int Mapped = 96; // the bits before the IPv4 address in ::ffff:10.0.0.2

    private readonly IPNetwork[] _networks = [.. setting.Select(Parse).OfType<IPNetwork>()];

    /// <summary>Returns what is wrong with an entry of the setting, as the end of a sentence; null when nothing is wrong.</summary>
    public static string? FindProblem(string text) => Parse(text) switch
    {
        null => "which is neither an address nor a network: write them as 10.0.0.2;10.1.0.0/16",
        { } network when IsTooWide(network) => "which is so wide that it includes clients, which could then claim any address: write only the addresses or networks of the proxies",
        _ => null,
    };

    /// <summary>Whether the sender's <c>X-Forwarded-For</c> is trusted; this machine and Unix sockets, whose address is null, are trusted.</summary>
    public bool Contains(IPAddress? address) => address is null || IPAddress.IsLoopback(address) || Array.Exists(_networks, network => network.Contains(address));

    /// <summary>Runs before everything else: from then on, the address of the connection is the client's.</summary>
    public void Use(WebApplication app) => app.Use((context, next) =>
    {
        context.Connection.RemoteIpAddress = ClientOf(context);
        return next(context);
    });

    private IPAddress? ClientOf(HttpContext context)
    {
        var client = ClientAddress.Of(context);
        foreach (var said in context.Request.Headers["X-Forwarded-For"].SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries)).Reverse())
        {
            if (!Contains(client) || !IPEndPoint.TryParse(said, out var before))
                break;
            client = ClientAddress.Of(before.Address);
        }

        return client;
    }

    private static IPNetwork? Parse(string text)
    {
        if (IPAddress.TryParse(text, out var address))
            return Unmapped(new(address, 8 * address.GetAddressBytes().Length));
        return IPNetwork.TryParse(text, out var network) ? Unmapped(network) : null;
    }

    private static IPNetwork Unmapped(IPNetwork network) => network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= Mapped
        ? new(network.BaseAddress.MapToIPv4(), network.PrefixLength - Mapped)
        : network;

    // An IPv6 network at the start of the address space that is wider than Mapped would contain all IPv4 addresses.
    private static bool IsTooWide(IPNetwork network) => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        ? network.PrefixLength < WidestOfIPv4
        : network.PrefixLength < WidestOfIPv6 || (network.PrefixLength < Mapped && !network.BaseAddress.GetAddressBytes().AsSpan(0, 8).ContainsAnyExcept((byte)0));
}
