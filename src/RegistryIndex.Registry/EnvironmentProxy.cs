using System.Net;
using RegistryIndex.Registry.Connecting;

namespace RegistryIndex.Registry;

/// <summary>
/// The proxies that the environment names (<c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c>, <c>ALL_PROXY</c>), or the system where it
/// names none. Which they are, and as whom to log in to them, .NET knows; which hosts need none, it does not: this machine and its link never
/// do, where a cloud keeps the metadata and credentials of a machine, and <c>NO_PROXY</c> is read as curl and Go read it.
/// </summary>
public sealed class EnvironmentProxy : IWebProxy
{
    // Link-local addresses, and those that AWS gives its metadata in IPv6.
    private static readonly IPNetwork[] Metadata = [IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fd00:ec2::/32")];
    private static readonly string[] Schemes = ["http", "https", "socks4", "socks4a", "socks5"];
    private readonly ProxyExceptions _exceptions = new($"{Environment.GetEnvironmentVariable("no_proxy")},{Environment.GetEnvironmentVariable("NO_PROXY")}");
    private readonly IWebProxy _proxies = HttpClient.DefaultProxy;

    private EnvironmentProxy()
    {
    }

    /// <summary>Those of this process, as its environment was when they were first asked for.</summary>
    public static EnvironmentProxy OfProcess { get; } = new();

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => _proxies.Credentials;
        set => throw new NotSupportedException("The environment says as whom to log in to a proxy.");
    }

    /// <inheritdoc/>
    /// <remarks>Without user and password, which <see cref="Credentials"/> has: the address gets into messages.</remarks>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) || _proxies.GetProxy(destination) is not { } proxy
        ? null
        : new UriBuilder(proxy) { UserName = "", Password = "" }.Uri;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => IsNear(host) || _exceptions.Contains(host) || _proxies.IsBypassed(host);

    /// <summary>One sentence when the variable that counts for that address cannot be understood, which .NET would pass over; never what it holds.</summary>
    internal string? FindProblem(Uri address)
    {
        if (IsNear(address) || _exceptions.Contains(address))
            return null;
        var variable = Array.Find([$"{address.Scheme}_proxy", $"{address.Scheme.ToUpperInvariant()}_PROXY", "all_proxy", "ALL_PROXY"], name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));
        return variable is null || IsProxy(Environment.GetEnvironmentVariable(variable)!)
            ? null
            : $"The variable {variable} names no proxy that can be used: write it as http://host:port, https://host:port or socks5://host:port.";
    }

    /// <summary>Whether it is this machine, or an address that only this machine has or can reach: a proxy would ask its own.</summary>
    internal static bool IsNear(Uri address) => ProxyExceptions.AddressOf(address) is { } ip
        ? IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) || ip.IsIPv6LinkLocal || Array.Exists(Metadata, network => network.BaseAddress.AddressFamily == ip.AddressFamily && network.Contains(ip))
        : address.IdnHost.TrimEnd('.') is var host && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase));

    private static bool IsProxy(string value)
    {
        var (scheme, rest) = value.IndexOf("://", StringComparison.Ordinal) is >= 0 and var end ? (value[..end], value[(end + 3)..]) : ("http", value);
        return Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase) && Uri.TryCreate($"http://{rest[(rest.LastIndexOf('@') + 1)..]}", UriKind.Absolute, out _);
    }
}
