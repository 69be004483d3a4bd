using System.Net;

namespace RegistryIndex.Addresses;

/// <summary>Hosts as settings name them. .NET takes some for names that no machine can have, and finds out when it connects.</summary>
public static class HostName
{
    private const int Longest = 253; // characters of a name in DNS (RFC 1035, 2.3.4), without the dot at its end

    /// <summary>Says why no machine can be called so; null where one can.</summary>
    /// <param name="host">The host, without a port; an IPv6 address with or without brackets.</param>
    /// <returns>The rest of a sentence that begins with the setting.</returns>
    public static string? FindProblem(string host)
    {
        var name = host.Trim('[', ']').TrimEnd('.');
        if (IPAddress.TryParse(name, out _))
            return null;
        if (name.Split('.')[^1] is { Length: > 0 } last && last.All(char.IsAsciiDigit))
            return $"has the host '{RepositoryName.Shown(host)}', which is no IPv4 address: write four numbers from 0 to 255";
        return IsOfDns(name) ? null : $"has the host '{RepositoryName.Shown(host)}', which can be no machine's name: write one that DNS knows, or an address";
    }

    private static bool IsOfDns(string name)
    {
        try
        {
            return Uri.CheckHostName(name) == UriHostNameType.Dns && new Uri($"http://{name}/").IdnHost.Length <= Longest;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
