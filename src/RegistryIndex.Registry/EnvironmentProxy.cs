using System.Net;
using RegistryIndex.Registry.Connecting;

namespace RegistryIndex.Registry;

/// <summary>
/// The proxies of the environment (<c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c>, <c>ALL_PROXY</c>), or of the system where the environment names
/// none. .NET determines the proxies and their credentials. This class determines the hosts without a proxy: this machine and link-local
/// addresses, where a cloud provides a machine's metadata and credentials, and the hosts of <c>NO_PROXY</c>, in the format of curl and Go.
/// </summary>
public sealed class EnvironmentProxy : IWebProxy
{
    // Link-local addresses, and the IPv6 address range of AWS's metadata service.
    private static readonly IPNetwork[] Metadata = [IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fd00:ec2::/32")];
    private static readonly string[] Schemes = ["http", "https", "socks4", "socks4a", "socks5"];
    private readonly ProxyExceptions _exceptions = new($"{Environment.GetEnvironmentVariable("no_proxy")},{Environment.GetEnvironmentVariable("NO_PROXY")}");
    private readonly IWebProxy _proxies = HttpClient.DefaultProxy;

    private EnvironmentProxy()
    {
    }

    /// <summary>The proxies of this process, from its environment when they were first requested.</summary>
    public static EnvironmentProxy OfProcess { get; } = new();

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => _proxies.Credentials;
        set => throw new NotSupportedException("The environment provides the login for a proxy.");
    }

    /// <inheritdoc/>
    /// <remarks>The address has no user and password, which are in <see cref="Credentials"/>: it appears in messages.</remarks>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) || _proxies.GetProxy(destination) is not { } proxy
        ? null
        : new UriBuilder(proxy) { UserName = "", Password = "" }.Uri;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => IsNear(host) || _exceptions.Contains(host) || _proxies.IsBypassed(host);

    /// <summary>
    /// Returns one sentence when the variable for that address is invalid, which .NET would ignore. The sentence never contains the value.
    /// </summary>
    internal string? FindProblem(Uri address)
    {
        if (IsNear(address) || _exceptions.Contains(address))
            return null;
        var variable = Array.Find([$"{address.Scheme}_proxy", $"{address.Scheme.ToUpperInvariant()}_PROXY", "all_proxy", "ALL_PROXY"], name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));
        return variable is null || IsProxy(Environment.GetEnvironmentVariable(variable)!)
            ? null
            : $"The variable {variable} does not contain a usable proxy: write it as http://host:port, https://host:port or socks5://host:port.";
    }

    /// <summary>Whether the address is this machine, or one that only this machine has or can reach: a proxy would connect to its own.</summary>
    internal static bool IsNear(Uri address) => ProxyExceptions.AddressOf(address) is { } ip
        ? IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) || ip.IsIPv6LinkLocal || Array.Exists(Metadata, network => network.BaseAddress.AddressFamily == ip.AddressFamily && network.Contains(ip))
        : address.IdnHost.TrimEnd('.') is var host && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase));

    private static bool IsProxy(string value)
    {
        var (scheme, rest) = value.IndexOf("://", StringComparison.Ordinal) is >= 0 and var end ? (value[..end], value[(end + 3)..]) : ("http", value);
        return Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase) && Uri.TryCreate($"http://{rest[(rest.LastIndexOf('@') + 1)..]}", UriKind.Absolute, out _);
    }
}
