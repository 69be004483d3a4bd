using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using Microsoft.Extensions.Logging;
using RegistryIndex.Addresses;
using RegistryIndex.Sources;

namespace RegistryIndex.Registry.Connecting;

/// <summary>
/// Sends requests and follows redirects itself: blobs may be on another host, but the login is for the requested address only, and the
/// client certificate for the registry only. Neither is ever sent to another scheme, host or port, nor on a redirect back from there.
/// </summary>
internal sealed class RedirectingClient : IDisposable
{
    private const int MostRedirects = 5;
    private readonly Uri _registry;
    private readonly HttpClient _client;
    private readonly HttpClient _elsewhere;

    public RedirectingClient(RegistryOptions options, Uri registry, TimeProvider time, ILogger logger)
    {
        _registry = registry;
        (_client, _elsewhere) = (Client(isRegistry: true), Client(isRegistry: false));

        HttpClient Client(bool isRegistry)
        {
            var client = new HttpClient(new Connections(options, isRegistry, time, logger)) { Timeout = Timeout.InfiniteTimeSpan }; // each attempt has its own deadline
            client.DefaultRequestHeaders.UserAgent.Add(new("registry-index", Version()));
            return client;
        }
    }

    /// <summary>Whether the address has the registry's own scheme, host and port.</summary>
    public bool IsRegistry(Uri? address) => address is not null && IsSame(address, _registry);

    /// <summary>Returns an address without the parts that may be secret.</summary>
    public static string Shown(Uri address) => $"{address.Scheme}://{RepositoryName.Shown(address.Authority)}";

    /// <summary>Sends a request; the answer comes from its address or from a redirect's, as the answer's request shows.</summary>
    /// <param name="request">A GET or HEAD.</param>
    /// <param name="login">The login for the address of the request, and for no other.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="RegistrySourceException">A redirect leads to an address that must not be requested.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, AuthenticationHeaderValue? login, CancellationToken cancellationToken)
    {
        var (address, isHome) = (request.RequestUri!, true);
        for (var redirects = 0; ; redirects++)
        {
            using var hop = new HttpRequestMessage(request.Method, address);
            foreach (var (name, values) in request.Headers)
                hop.Headers.TryAddWithoutValidation(name, values);
            isHome = isHome && IsSame(address, request.RequestUri!);
            hop.Headers.Authorization = isHome ? login : null;
            var response = await (IsRegistry(address) ? _client : _elsewhere).SendAsync(hop, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!IsRedirect(response.StatusCode))
                return response;
            using (response)
                address = redirects < MostRedirects ? Target(response, address) : throw Refused(address, $"redirects more than {MostRedirects} times");
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _elsewhere.Dispose();
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static Uri Target(HttpResponseMessage response, Uri from)
    {
        if (response.Headers.Location is not { } location || !Uri.TryCreate(from, location, out var target))
            throw Refused(from, "redirects without a target address");
        if (target.Scheme is not ("http" or "https"))
            throw Refused(from, $"redirects to an address of '{RepositoryName.Shown(target.Scheme)}:', and only http and https are followed");
        if (HostName.FindProblem(target.Host) is not null)
            throw Refused(from, "redirects without a target address");
        return from.Scheme == "https" && target.Scheme == "http"
            ? throw Refused(from, $"redirects to {Shown(target)} without TLS, which is not allowed")
            : target;
    }

    private static RegistrySourceException Refused(Uri address, string what) =>
        new($"{Shown(address)} {what} ({RepositoryName.Shown(address.AbsolutePath)}): check the configuration of the registry and of the proxies in front of it.");

    private static bool IsSame(Uri left, Uri right) =>
        left.Scheme == right.Scheme && left.Port == right.Port && left.IdnHost.Equals(right.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static string? Version() =>
        typeof(RedirectingClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
