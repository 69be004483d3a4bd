using System.Collections.Frozen;
using System.Net;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Server.Access;

/// <summary>
/// The host names with which requests may address this machine: its own names, those in <c>urls</c>, and those in <c>allowed_hosts</c>. A
/// page in a browser whose host name was made to point to this machine sends another name.
/// </summary>
internal sealed class AllowedHosts(IConfiguration configuration, IOptions<AccessOptions> options)
{
    private readonly FrozenSet<string> _named = options.Value.AllowedHostNames.Select(Normalized).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly FrozenSet<string> _names = Listening.Names(configuration["urls"]).Concat(options.Value.AllowedHostNames)
        .Select(Normalized).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the name is in <c>allowed_hosts</c>, so that requests with it are intended.</summary>
    public bool AreNamed(HostString host) => _named.Contains(Normalized(host.Host));

    public bool Contains(HostString host)
    {
        var name = Normalized(host.Host);
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address)) || _names.Contains(name);
    }

    private static string Normalized(string name) => name.Trim('[', ']').TrimEnd('.');
}
