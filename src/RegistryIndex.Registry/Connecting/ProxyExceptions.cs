using System.Globalization;
using System.Net;

namespace RegistryIndex.Registry.Connecting;

/// <summary>
/// The hosts that <c>NO_PROXY</c> names, in the format of curl and Go: a name, which includes its subdomains, an address, a network
/// (<c>10.0.0.0/8</c>), or <c>*</c> for every host. A name or an address may have a port.
/// </summary>
internal sealed class ProxyExceptions
{
    private readonly bool _areAll;
    private readonly List<(string Name, int? Port)> _domains = [];
    private readonly List<(IPAddress Address, int Bits, int? Port)> _networks = [];

    public ProxyExceptions(string? text)
    {
        foreach (var entry in (text ?? "").Split([',', ' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (entry == "*")
                _areAll = true;
            else if (entry.Split('/') is [var network, var length])
                AddNetwork(network, length);
            else
                AddHost(entry);
        }
    }

    public bool Contains(Uri address)
    {
        if (_areAll)
            return true;
        if (AddressOf(address) is { } ip)
            return _networks.Exists(network => (network.Port is null || network.Port == address.Port) && IsBelow(ip, network.Address, network.Bits));
        var host = address.IdnHost.TrimEnd('.');
        return _domains.Exists(domain => (domain.Port is null || domain.Port == address.Port)
            && (host.Equals(domain.Name, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{domain.Name}", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Returns the host as an address; null when it is a name.</summary>
    public static IPAddress? AddressOf(Uri address) => address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? Parse(address.IdnHost) : null;

    private void AddNetwork(string network, string length)
    {
        if (Parse(network) is { } address && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= Bits(address))
            _networks.Add((address, bits, null));
    }

    private void AddHost(string entry)
    {
        var (host, port) = (entry, (int?)null);
        if (entry.LastIndexOf(':') is > 0 and var colon && (entry[colon - 1] == ']' || entry.IndexOf(':', StringComparison.Ordinal) == colon)
            && int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            (host, port) = (entry[..colon], number);
        if (Parse(host) is { } address)
            _networks.Add((address, Bits(address), port));
        else if (host.TrimStart('*').Trim('.') is { Length: > 0 } name)
            _domains.Add((name, port));
    }

    // .NET reads "10" as 0.0.0.10, which is never what is meant.
    private static IPAddress? Parse(string text) => (text.Contains(':', StringComparison.Ordinal) || text.Count(character => character == '.') == 3) && IPAddress.TryParse(text, out var address)
        ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
        : null;

    private static int Bits(IPAddress address) => address.GetAddressBytes().Length * 8;

    private static bool IsBelow(IPAddress address, IPAddress network, int bits)
    {
        var (left, right) = (address.GetAddressBytes(), network.GetAddressBytes());
        return left.Length == right.Length
            && left.AsSpan(0, bits / 8).SequenceEqual(right.AsSpan(0, bits / 8))
            && (bits % 8 == 0 || (left[bits / 8] ^ right[bits / 8]) >> (8 - (bits % 8)) == 0);
    }
}
