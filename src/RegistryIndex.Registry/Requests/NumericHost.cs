using System.Net;

namespace RegistryIndex.Registry.Requests;

/// <summary>Hosts that can be nothing but IPv4 addresses.</summary>
internal static class NumericHost
{
    /// <summary>Says of a host whose last part is a number, as no name's is, that it is no address; null of any other. .NET takes it for a name.</summary>
    /// <returns>The rest of a sentence that begins with the setting.</returns>
    public static string? FindProblem(string host) => host.TrimEnd('.').Split('.')[^1] is { Length: > 0 } last && last.All(char.IsAsciiDigit) && !IPAddress.TryParse(host, out _)
        ? $"has the host '{host}', which is no IPv4 address: write four numbers from 0 to 255"
        : null;
}
