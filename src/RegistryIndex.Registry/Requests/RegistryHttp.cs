using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Polly;
using RegistryIndex.Registry.Answers;
using RegistryIndex.Registry.Connecting;
using RegistryIndex.Registry.Login;
using RegistryIndex.Sources;

namespace RegistryIndex.Registry.Requests;

/// <summary>Sends requests to one registry: with its login, with retries, and with a limit for every body.</summary>
internal sealed class RegistryHttp : IDisposable
{
    private const int MaxError = 64 << 10;

    // The types that the manifest endpoint may answer with; without the list, distribution converts to the oldest type.
    private static readonly string[] Accepted =
    [
        "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws", "application/json", "*/*",
    ];

    private readonly Uri _base;
    private readonly RedirectingClient _client;
    private readonly RegistryLogin _login;
    private readonly TimeSpan _timeout;
    private readonly ResiliencePipeline<HttpResponseMessage> _retry;
    private readonly ResiliencePipeline<HttpResponseMessage> _retryOfPart;

    public RegistryHttp(RegistryOptions options, TimeProvider time, ILogger logger)
    {
        _base = options.IsConfigured ? options.Base : new("http://nowhere.invalid/");
        _timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        _client = new(options, _base, time, logger);
        _login = new(_client, new(options, time, logger), _base, time);
        _retry = Retrying.Pipeline(time);
        _retryOfPart = Retrying.PipelineOfPart(time);
    }

    /// <summary>How to find out whether a manifest is still the known one, learned from the registry's answers.</summary>
    public ManifestComparison Comparison { get; set; }

    public string Location => _base.ToString().TrimEnd('/');

    /// <summary>Returns an address below the registry's own.</summary>
    public Uri Resolve(string path, IReadOnlyDictionary<string, string>? query = null)
    {
        var text = query is not { Count: > 0 } ? "" : "?" + string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return new(_base, path + text);
    }

    /// <summary>Sends a GET; the answer is one of 200, 400 and 404, any other is an error.</summary>
    /// <param name="address">The address.</param>
    /// <param name="scope">The access that the request needs, in the format of token servers.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="RegistrySourceException">The registry did not give such an answer.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri address, string scope, CancellationToken cancellationToken)
    {
        var response = await SendAsync(_retry, () => Request(address), scope, cancellationToken);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
            return response;
        using (response)
            throw Unexpected(response);
    }

    /// <summary>
    /// Requests a part of an image, which may be broken in the registry. Any answer is returned, except those that concern the registry
    /// itself: 401, 429 and 503.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="scope">The access that the request needs, in the format of token servers.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <param name="unless">The digest of the known content: if it is unchanged, the answer may be 304.</param>
    /// <param name="isHead">Whether only the headers are needed.</param>
    /// <exception cref="RegistrySourceException">The registry did not give such an answer.</exception>
    public async Task<HttpResponseMessage> GetPartAsync(Uri address, string scope, CancellationToken cancellationToken, string? unless = null, bool isHead = false)
    {
        var response = await SendAsync(_retryOfPart, () => Request(address, unless, isHead), scope, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return response;
        using (response)
            throw Unexpected(response);
    }

    /// <summary>Returns the page that a <c>Link</c> header names; it must be on the registry itself, which receives the password.</summary>
    public Uri? NextPage(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links) || Links.Next(links) is not { } link)
            return null;
        return Uri.TryCreate(response.RequestMessage!.RequestUri, link, out var next) && next.Authority == _base.Authority
            ? new UriBuilder(next) { Scheme = _base.Scheme, Port = _base.Port }.Uri // a proxy that ends TLS may make the registry write http
            : throw Strange(response, "a link to another server");
    }

    /// <summary>Reads a whole body; null when it is larger than <paramref name="limit"/>.</summary>
    public async Task<byte[]?> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            throw Unexpected(response);
        return await ReadBodyAsync(response, limit, cancellationToken);
    }

    public async Task<T> ReadJsonAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, int limit, CancellationToken cancellationToken)
        where T : class
    {
        var body = await ReadAsync(response, limit, cancellationToken) ?? throw Strange(response, $"more than {limit >> 20} MiB");
        return Parse(body, type) ?? throw Strange(response, "a body that is not the expected JSON");
    }

    /// <summary>Whether an error is the registry's own, with a code of that ending: a proxy's 404 says nothing about a repository.</summary>
    public async Task<bool> SaysAsync(HttpResponseMessage response, string code, CancellationToken cancellationToken) =>
        await ReadBodyAsync(response, MaxError, cancellationToken) is { } body
        && Parse(body, AnswersJson.Default.ErrorList)?.Errors?.Any(error => error?.Code?.EndsWith(code, StringComparison.Ordinal) == true) == true;

    public RegistrySourceException Strange(HttpResponseMessage response, string what) =>
        new($"The registry answers {Path(response)} with {what}: check that the setting registry ({Location}) is the address of a registry.");

    public RegistrySourceException Unexpected(HttpResponseMessage response) => response.StatusCode switch
    {
        var status when response.RequestMessage?.RequestUri is { } address && !_client.IsRegistry(address) =>
            new($"The registry at {Location} redirects to {RedirectingClient.Shown(address)}, which answers {(int)status}. The login is not sent there, because it is another address: if it is the registry, set registry to it."),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            new($"The registry at {Location} refuses {Path(response)} ({(int)response.StatusCode}): check registry_username and registry_password, and that this user may read all repositories and the catalog."),
        var status => new($"The registry at {Location} answers {Path(response)} with {(int)status}: check that it works."),
    };

    public void Dispose()
    {
        _login.Dispose();
        _client.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(ResiliencePipeline<HttpResponseMessage> retry, Func<HttpRequestMessage> request, string scope, CancellationToken cancellationToken)
    {
        try
        {
            var response = await retry.ExecuteAsync(async token => await _login.SendAsync(request, scope, _timeout, token), cancellationToken);
            if (!response.Headers.Contains(RegistryClient.IndexHeader))
                return response;
            using (response)
                throw new RegistrySourceException($"The address {Location} belongs to a search index such as this one, not to a registry: set registry to the address of the registry itself.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
        {
            throw new RegistrySourceException($"The registry at {Location} cannot be reached ({(error is TimeoutException ? error : error.GetBaseException()).Message.TrimEnd('.')}): check that it runs and that the setting registry is right.", error);
        }
    }

    private static string Path(HttpResponseMessage response) => RepositoryName.Shown(response.RequestMessage?.RequestUri?.AbsolutePath ?? "");

    private static HttpRequestMessage Request(Uri address, string? unless = null, bool isHead = false)
    {
        var request = new HttpRequestMessage(isHead ? HttpMethod.Head : HttpMethod.Get, address);
        if (unless is not null)
            request.Headers.IfNoneMatch.Add(new($"\"{unless}\""));
        foreach (var type in Accepted)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        return request;
    }

    private async Task<byte[]?> ReadBodyAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadAsync(limit, _timeout, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
        {
            throw new RegistrySourceException($"The registry at {Location} closed the connection in the middle of its answer to {Path(response)}: check that it works.", error);
        }
    }

    private static T? Parse<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the latter for half of a surrogate pair
        {
            return null;
        }
    }
}
