using System.Net;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Access;

/// <summary>Where the server may listen.</summary>
internal static class Listening
{
    /// <summary>The addresses of the setting <c>urls</c>.</summary>
    /// <exception cref="ConfigurationMistakeException">One is none, or needs what is not configured.</exception>
    public static string[] CheckedUrls(string? setting, AccessOptions access)
    {
        var urls = Split(setting);
        if (urls.Length == 0)
            throw new ConfigurationMistakeException("urls is empty; write where to listen, such as http://127.0.0.1:5080.");
        foreach (var url in urls)
        {
            var address = Parse(url);
            if (address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase) && string.IsNullOrEmpty(access.CertificateFile))
                throw new ConfigurationMistakeException($"urls '{url}' needs a certificate: set tls_certificate_file and tls_key_file.");
            if (!IsThisMachine(address) && !access.NeedsLogin && !access.AllowAnonymous)
                throw new ConfigurationMistakeException($"urls '{url}' lets other machines search without a login: set htpasswd to a file of users, or allow_anonymous to true where everybody may.");
        }

        return urls;
    }

    /// <summary>Whether no other machine is served.</summary>
    public static bool IsThisMachineOnly(string? setting) => Split(setting).All(url => IsThisMachine(Parse(url)));

    /// <summary>The hosts of the setting <c>urls</c>.</summary>
    public static IEnumerable<string> Names(string? setting) => Split(setting).Select(Parse).Where(address => !address.IsUnixPipe).Select(address => address.Host);

    /// <summary>Whether passwords would cross a network that anybody may listen to.</summary>
    public static bool IsInTheClear(string url) => Parse(url) is var address && !IsThisMachine(address) && address.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase);

    private static string[] Split(string? setting) => (setting ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static BindingAddress Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException error)
        {
            throw new ConfigurationMistakeException($"urls '{url}' is no address to listen on ({error.Message}); write http://127.0.0.1:5080.");
        }
    }

    // Kestrel takes any other name for all interfaces.
    private static bool IsThisMachine(BindingAddress address) =>
        address.IsUnixPipe || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
