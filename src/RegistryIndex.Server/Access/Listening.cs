using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using RegistryIndex.Addresses;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Access;

/// <summary>Where the server may listen.</summary>
internal static partial class Listening
{
    /// <summary>How many addresses there may be.</summary>
    public const int MaxUrls = 32;

    /// <summary>The addresses of the setting <c>urls</c>.</summary>
    /// <exception cref="ConfigurationMistakeException">One is none, or needs what is not configured.</exception>
    public static string[] CheckedUrls(string? setting, AccessOptions access)
    {
        var urls = JoinedValues.Of(setting);
        if (urls.Length == 0)
            throw new ConfigurationMistakeException("urls is empty: write where to listen, such as http://127.0.0.1:5080.");
        if (urls.Length > MaxUrls)
            throw new ConfigurationMistakeException($"urls has {urls.Length} addresses, and {MaxUrls} are the most: leave some out.");
        foreach (var url in urls)
        {
            var address = Parse(url);
            if (address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase) && string.IsNullOrEmpty(access.CertificateFile))
                throw Mistake(url, "needs a certificate: set tls_certificate_file and tls_key_file");
            if (!IsThisMachine(address) && !access.NeedsLogin && !access.AllowAnonymous)
                throw Mistake(url, "lets other machines search without a login: set htpasswd to a file of users, or allow_anonymous to true where everybody may");
        }

        foreach (var (index, url) in urls.Index())
        {
            if (urls.Take(index).Any(other => Overlap(Parse(other), Parse(url))))
                throw Mistake(url, "is within another of them: leave one of the two out, or write another port");
        }

        return urls;
    }

    /// <summary>Whether no other machine is served.</summary>
    public static bool IsThisMachineOnly(string? setting) => JoinedValues.Of(setting).All(url => IsThisMachine(Parse(url)));

    /// <summary>The hosts of the setting <c>urls</c>.</summary>
    public static IEnumerable<string> Names(string? setting) => JoinedValues.Of(setting).Select(Parse).Where(address => !address.IsUnixPipe).Select(address => address.Host);

    /// <summary>Whether passwords would cross a network that anybody may listen to.</summary>
    public static bool IsInTheClear(string url) => Parse(url) is var address && !IsThisMachine(address) && address.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase);

    /// <summary>Starts the server; where it cannot listen, nothing else of it begins.</summary>
    /// <exception cref="ConfigurationMistakeException">It cannot listen on one of its addresses.</exception>
    public static async Task StartAsync(WebApplication app)
    {
        var urls = JoinedValues.Of(app.Configuration["urls"]);
        TryAddresses(urls);
        try
        {
            await app.StartAsync(CancellationToken.None); // asked to end meanwhile, it does so when it stands: that is no failed start
        }
        catch (Exception error) when (FindCause(error) is { } cause) // taken in the moment since
        {
            throw Unable(Array.Find(urls, url => error.Message.Contains(url, StringComparison.OrdinalIgnoreCase)) ?? string.Join(';', urls), cause);
        }
    }

    // The web server listens last, when everything else runs already, and its errors do not always say where.
    private static void TryAddresses(string[] urls)
    {
        var taken = new List<Socket>();
        try
        {
            foreach (var url in urls)
            {
                var address = Parse(url);
                if (address.IsUnixPipe)
                {
                    TryFile(url, address.UnixPipePath);
                    continue;
                }

                try
                {
                    taken.AddRange(Bind(address));
                }
                catch (SocketException error)
                {
                    throw Unable(url, error.SocketErrorCode);
                }
            }
        }
        finally
        {
            taken.ForEach(socket => socket.Dispose());
        }
    }

    // As Kestrel does it: localhost is both loopback addresses if there are two, and a name is every address.
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

    private static void TryFile(string url, string file)
    {
        if (File.Exists(file) || Directory.Exists(file))
            throw Mistake(url, "is there already: if no server listens on it any more, remove it");
        if (!Directory.Exists(Path.GetDirectoryName(file)))
            throw Mistake(url, "is in a directory that is not there: make the directory");
    }

    private static SocketError? FindCause(Exception error) => error switch
    {
        SocketException socket => socket.SocketErrorCode,
        AddressInUseException => SocketError.AddressAlreadyInUse,
        { InnerException: { } inner } => FindCause(inner),
        _ => null,
    };

    private static ConfigurationMistakeException Unable(string url, SocketError error) => Mistake(url, error switch
    {
        SocketError.AddressAlreadyInUse => "is taken (address already in use): end the program that listens there, or write another port",
        SocketError.AccessDenied => "is not for this user (permission denied): write a port from 1024 on, or a place that this user may write to",
        SocketError.AddressNotAvailable => "is no address of this machine (cannot assign requested address): write one that it has, 127.0.0.1 or *",
        _ => $"cannot be listened on ({new SocketException((int)error).Message}): write another address",
    });

    private static ConfigurationMistakeException Mistake(string url, string problem) => new($"urls '{RepositoryName.Shown(RedactedText.Of(url))}' {problem}.");

    // Kestrel takes what it does not understand for a name, and a name for every address.
    private static BindingAddress Parse(string url)
    {
        if (Form().Match(url) is not { Success: true } form)
            throw Mistake(url, "is no address to listen on: write http://127.0.0.1:5080, http://*:5080 or http://unix:/run/registry-index.sock");
        if (form.Groups["path"].Length > 0)
            throw Mistake(url, "has a path, and a server listens on an address without one: write http://127.0.0.1:5080, and let a proxy before it take the path away");
        var address = BindingAddress.Parse(url);
        if (address.IsUnixPipe)
        {
            if (address.UnixPipePath.Length > 0 && TryEndPoint(address.UnixPipePath))
                return address;
            throw Mistake(url, "is longer than the path of a socket can be: write a path of at most 100 bytes");
        }

        if (address.Port > IPEndPoint.MaxPort)
            throw Mistake(url, $"has no port: write a number from 1 to {IPEndPoint.MaxPort}");
        if (address.Host.StartsWith('[') ? !IPAddress.TryParse(address.Host, out _) : address.Host is not ("*" or "+") && Uri.CheckHostName(address.Host) == UriHostNameType.Unknown)
            throw Mistake(url, "has no address: write 127.0.0.1, [::1] or * before the port");
        if (address.Host is not ("*" or "+") && HostName.FindProblem(address.Host) is { } problem)
            throw Mistake(url, problem);
        if (address.Port == 0 && address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            throw Mistake(url, "has two addresses, which cannot have one free port: write 127.0.0.1 or [::1] instead of localhost");
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

        static bool IsEvery(BindingAddress address) => IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) : !IsThisMachine(address);
    }

    // Kestrel takes any other name for all interfaces.
    private static bool IsThisMachine(BindingAddress address) =>
        address.IsUnixPipe || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    [GeneratedRegex("""\Ahttps?://(unix:/[^:?#]+|(\[[0-9a-f:.%]+\]|[^\s:/?#@\[\]]+)(:[0-9]{1,5})?(/(?<path>[^?#\s]*))?)\z""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
