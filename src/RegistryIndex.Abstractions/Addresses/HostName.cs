using System.Net;

namespace RegistryIndex.Addresses;

/// <summary>
/// Checks the host names in settings. .NET accepts some names that no machine can have, and reports the problem only when it connects.
/// </summary>
public static class HostName
{
    private const int Longest = 253; // the length of a DNS name in characters (RFC 1035, 2.3.4), without the final dot

    /// <summary>Explains why a text cannot be the name or address of a machine.</summary>
    /// <param name="host">The host, without a port; an IPv6 address with or without brackets.</param>
    /// <returns>The rest of a sentence that begins with the name of the setting; null if the host is valid.</returns>
    public static string? FindProblem(string host)
    {
        var name = host.Trim('[', ']').TrimEnd('.');
        if (IPAddress.TryParse(name, out _))
            return null;
        if (name.Split('.')[^1] is { Length: > 0 } last && last.All(char.IsAsciiDigit))
            return $"has the host '{RepositoryName.Shown(host)}', which is not an IPv4 address: write four numbers from 0 to 255";
        return IsOfDns(name) ? null : $"has the host '{RepositoryName.Shown(host)}', which is not a valid host name: write a name that DNS can resolve, or an address";
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
