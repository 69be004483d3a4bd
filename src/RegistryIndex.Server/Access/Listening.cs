using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using RegistryIndex.Addresses;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Access;

/// <summary>Determines where the server may listen.</summary>
internal static partial class Listening
{
    /// <summary>The largest number of addresses.</summary>
    public const int MaxUrls = 32;

    private const string Urls = "urls";
    private const string MetricsUrls = "metrics_urls";

    /// <summary>Returns the addresses of the setting <c>urls</c>.</summary>
    /// <exception cref="ConfigurationMistakeException">An address is invalid, or needs settings that are missing.</exception>
    public static string[] CheckedUrls(string? setting, AccessOptions access) => JoinedValues.Of(setting) is { Length: > 0 } urls
        ? Checked(Urls, urls, "search", access)
        : throw new ConfigurationMistakeException("urls is empty: write the addresses to listen on, such as http://127.0.0.1:5080.");

    /// <summary>Returns the addresses of the setting <c>metrics_urls</c>; none when it is not set.</summary>
    /// <exception cref="ConfigurationMistakeException">An address is invalid, needs settings that are missing, or is one of <c>urls</c>.</exception>
    public static string[] CheckedMetricsUrls(string? setting, string[] urls, AccessOptions access)
    {
        var own = Checked(MetricsUrls, JoinedValues.Of(setting), "read metrics", access);
        foreach (var url in own)
        {
            if (Array.Find(urls, other => Overlap(Parse(other, Urls), Parse(url, MetricsUrls))) is { } taken)
                throw Mistake(url, $"overlaps with {Shown(taken)}, where the server listens for searches: use another port", MetricsUrls);
        }

        return own;
    }

    private static string[] Checked(string key, string[] urls, string does, AccessOptions access)
    {
        if (urls.Length > MaxUrls)
            throw new ConfigurationMistakeException($"{key} has {urls.Length} addresses; at most {MaxUrls} are allowed.");
        foreach (var url in urls)
        {
            var address = Parse(url, key);
            if (address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase) && string.IsNullOrEmpty(access.CertificateFile))
                throw Mistake(url, "needs a certificate: set tls_certificate_file and tls_key_file", key);
            if (!IsThisMachine(address) && !access.NeedsLogin && !access.AllowAnonymous)
                throw Mistake(url, $"lets other machines {does} without a login: set htpasswd to a file of users, or allow_anonymous to true to permit this", key);
        }

        foreach (var (index, url) in urls.Index())
        {
            if (urls.Take(index).Any(other => Overlap(Parse(other, key), Parse(url, key))))
                throw Mistake(url, "overlaps with another address: remove one of the two, or use another port", key);
        }

        return urls;
    }

    /// <summary>Whether only this machine is served.</summary>
    public static bool IsThisMachineOnly(string? setting) => JoinedValues.Of(setting).All(url => IsThisMachine(Parse(url, Urls)));

    /// <summary>Returns the hosts of the setting <c>urls</c>.</summary>
    public static IEnumerable<string> Names(string? setting) => JoinedValues.Of(setting).Select(url => Parse(url, Urls)).Where(address => !address.IsUnixPipe).Select(address => address.Host);

    /// <summary>Whether passwords would cross a network without encryption.</summary>
    public static bool IsInTheClear(string url) => Parse(url, Urls) is var address && !IsThisMachine(address) && address.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the address at which a program on this machine reaches a server that listens on that address.</summary>
    /// <param name="url">The address.</param>
    /// <param name="option">The option that gave it; null for the setting <c>urls</c>.</param>
    /// <exception cref="ConfigurationMistakeException">It is not an address to listen on, or has no port of its own.</exception>
    public static AddressToAsk ToAsk(string url, string? option)
    {
        var address = Parse(url, option ?? Urls);
        if (address.IsUnixPipe)
            return new(new($"{address.Scheme}://localhost"), address.UnixPipePath);
        if (address.Port == 0)
            throw Mistake(url, "uses any free port, which only the server knows: name its address with --url", option ?? Urls);
        // A name that is not this machine's means all interfaces.
        var host = IsEvery(address) ? "127.0.0.1" : address.Host;
        return new(new($"{address.Scheme}://{host}:{address.Port}"), null);
    }

    /// <summary>Starts the server; when it cannot listen, no other part of it starts.</summary>
    /// <exception cref="ConfigurationMistakeException">The server cannot listen on one of its addresses.</exception>
    public static async Task StartAsync(WebApplication app)
    {
        (string Key, string Url)[] urls = [.. from key in (string[])[Urls, MetricsUrls] from url in JoinedValues.Of(app.Configuration[key]) select (key, url)];
        TryAddresses(urls);
        try
        {
            await app.StartAsync(CancellationToken.None); // a request to end during the start is handled after it, so that the start does not fail
        }
        catch (Exception error) when (FindCause(error) is { } cause) // another process took it since the check
        {
            var (key, named) = Array.Find(urls, address => error.Message.Contains(address.Url, StringComparison.OrdinalIgnoreCase));
            throw Unable(named ?? string.Join(';', urls.Select(address => address.Url)), cause, key ?? Urls);
        }
    }

    // The web server starts to listen last, when everything else runs already, and its errors do not always name the address.
    private static void TryAddresses((string Key, string Url)[] urls)
    {
        var taken = new List<Socket>();
        try
        {
            foreach (var (key, url) in urls)
            {
                var address = Parse(url, key);
                if (address.IsUnixPipe)
                {
                    TryFile(url, address.UnixPipePath, key);
                    continue;
                }

                try
                {
                    taken.AddRange(Bind(address));
                }
                catch (SocketException error)
                {
                    throw Unable(url, error.SocketErrorCode, key);
                }
            }
        }
        finally
        {
            taken.ForEach(socket => socket.Dispose());
        }
    }

    // As Kestrel does: localhost means both loopback addresses when there are two, and a name means every address.
    private static List<Socket> Bind(BindingAddress address)
    {
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
            return [Bind(ip, address.Port)];
        var isLocal = address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        var sockets = new List<Socket>();
        SocketException? failed = null;
        foreach (var either in isLocal ? (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.IPv6Any, IPAddress.Any])
        {
            try
            {
                sockets.Add(Bind(either, address.Port));
                if (!isLocal)
                    break;
            }
            catch (SocketException error)
            {
                failed = error;
                if (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
                    break;
            }
        }

        if (failed is null || (sockets.Count > 0 && failed.SocketErrorCode != SocketError.AddressAlreadyInUse))
            return sockets;
        sockets.ForEach(socket => socket.Dispose());
        throw failed;
    }

    private static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void TryFile(string url, string file, string key)
    {
        if (File.Exists(file) || Directory.Exists(file))
            throw Mistake(url, "already exists: if no server listens on it any more, remove it", key);
        if (!Directory.Exists(Path.GetDirectoryName(file)))
            throw Mistake(url, "is in a directory that does not exist: create the directory", key);
    }

    private static SocketError? FindCause(Exception error) => error switch
    {
        SocketException socket => socket.SocketErrorCode,
        AddressInUseException => SocketError.AddressAlreadyInUse,
        { InnerException: { } inner } => FindCause(inner),
        _ => null,
    };

    private static ConfigurationMistakeException Unable(string url, SocketError error, string key) => Mistake(url, error switch
    {
        SocketError.AddressAlreadyInUse => "is taken (address already in use): end the program that listens there, or write another port",
        SocketError.AccessDenied => "is not permitted for this user (permission denied): use a port from 1024 on, or a path that this user may write to",
        SocketError.AddressNotAvailable => "is not an address of this machine (cannot assign requested address): use one of its addresses, 127.0.0.1 or *",
        _ => $"cannot be listened on ({new SocketException((int)error).Message}): use another address",
    }, key);

    private static ConfigurationMistakeException Mistake(string url, string problem, string key) => new($"{key} '{Shown(url)}' {problem}.");

    private static string Shown(string url) => RepositoryName.Shown(RedactedText.Of(url));

    // Kestrel treats text that it does not understand as a name, and a name as every address.
    private static BindingAddress Parse(string url, string key)
    {
        if (Form().Match(url) is not { Success: true } form)
            throw Mistake(url, "is not an address to listen on: write http://127.0.0.1:5080, http://*:5080 or http://unix:/run/registry-index.sock", key);
        if (form.Groups["path"].Length > 0)
            throw Mistake(url, "has a path, but a server listens on an address without a path: write http://127.0.0.1:5080, and let a proxy in front of it remove the path", key);
        var address = BindingAddress.Parse(url);
        if (address.IsUnixPipe)
        {
            if (address.UnixPipePath.Length > 0 && TryEndPoint(address.UnixPipePath))
                return address;
            throw Mistake(url, "is too long for the path of a socket: use a path of at most 100 bytes", key);
        }

        if (address.Port > IPEndPoint.MaxPort)
            throw Mistake(url, $"has no port: write a number from 1 to {IPEndPoint.MaxPort}", key);
        if (address.Host.StartsWith('[') ? !IPAddress.TryParse(address.Host, out _) : address.Host is not ("*" or "+") && Uri.CheckHostName(address.Host) == UriHostNameType.Unknown)
            throw Mistake(url, "has no address: write 127.0.0.1, [::1] or * before the port", key);
        if (address.Host is not ("*" or "+") && HostName.FindProblem(address.Host) is { } problem)
            throw Mistake(url, problem, key);
        if (address.Port == 0 && address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            throw Mistake(url, "has two addresses, which cannot have one free port: write 127.0.0.1 or [::1] instead of localhost", key);
        return address;
    }

    private static bool TryEndPoint(string path)
    {
        try
        {
            _ = new UnixDomainSocketEndPoint(path);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool Overlap(BindingAddress one, BindingAddress other)
    {
        if (one.IsUnixPipe || other.IsUnixPipe)
            return one.IsUnixPipe && other.IsUnixPipe && one.UnixPipePath == other.UnixPipePath;
        if (one.Port != other.Port || one.Port == 0)
            return false;
        return IsEvery(one) || IsEvery(other) || one.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase)
            || (IsThisMachine(one) && IsThisMachine(other) && (IsName(one) || IsName(other)));

        static bool IsName(BindingAddress address) => !IPAddress.TryParse(address.Host.Trim('[', ']'), out _);
    }

    private static bool IsEvery(BindingAddress address) =>
        IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) : !IsThisMachine(address);

    // Kestrel treats any other name as all interfaces.
    private static bool IsThisMachine(BindingAddress address) =>
        address.IsUnixPipe || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    [GeneratedRegex("""\Ahttps?://(unix:/[^:?#]+|(\[[0-9a-f:.%]+\]|[^\s:/?#@\[\]]+)(:[0-9]{1,5})?(/(?<path>[^?#\s]*))?)\z""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

/// <summary>The address at which a program on this machine reaches the server.</summary>
/// <param name="Url">Its scheme, host and port.</param>
/// <param name="UnixSocket">The path of its socket; null when it does not listen on one.</param>
internal sealed record AddressToAsk(Uri Url, string? UnixSocket)
{
    /// <inheritdoc/>
    public override string ToString() => UnixSocket is null ? $"{Url}" : $"{Url.Scheme}://unix:{UnixSocket}";
}
