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

/// <summary>Requests to one registry: logged in, tried again where that may help, and never read without a limit.</summary>
internal sealed class RegistryHttp : IDisposable
{
    private const int MaxError = 64 << 10;

    // What the manifest endpoint may answer with; without the list, distribution converts to the oldest form there is.
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

    /// <summary>How to find out whether a manifest is still the known one, as was learned from the registry's answers.</summary>
    public ManifestComparison Comparison { get; set; }

    public string Location => _base.ToString().TrimEnd('/');

    /// <summary>An address below the registry's own.</summary>
    public Uri Resolve(string path, IReadOnlyDictionary<string, string>? query = null)
    {
        var text = query is not { Count: > 0 } ? "" : "?" + string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return new(_base, path + text);
    }

    /// <summary>Asks; an answer is one of 200, 400 and 404, anything else is an error.</summary>
    /// <param name="address">What.</param>
    /// <param name="scope">What it needs to be allowed, as token servers write it.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="RegistrySourceException">There is no such answer to be had.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri address, string scope, CancellationToken cancellationToken)
    {
        var response = await SendAsync(_retry, () => Request(address), scope, cancellationToken);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
            return response;
        using (response)
            throw Unexpected(response);
    }

    /// <summary>
    /// Asks for a part of an image, of which the registry may have a broken one; an answer is any but those that speak of the
    /// registry itself: 401, 429 and 503.
    /// </summary>
    /// <param name="address">What.</param>
    /// <param name="scope">What it needs to be allowed, as token servers write it.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <param name="unless">The digest of what is known: where it is still that, the answer may be 304.</param>
    /// <param name="isHead">Whether only the headers are wanted.</param>
    /// <exception cref="RegistrySourceException">There is no such answer to be had.</exception>
    public async Task<HttpResponseMessage> GetPartAsync(Uri address, string scope, CancellationToken cancellationToken, string? unless = null, bool isHead = false)
    {
        var response = await SendAsync(_retryOfPart, () => Request(address, unless, isHead), scope, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return response;
        using (response)
            throw Unexpected(response);
    }

    /// <summary>The page that a <c>Link</c> header names; only ever on the registry itself, which gets the password.</summary>
    public Uri? NextPage(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links) || Links.Next(links) is not { } link)
            return null;
        return Uri.TryCreate(response.RequestMessage!.RequestUri, link, out var next) && next.Authority == _base.Authority
            ? new UriBuilder(next) { Scheme = _base.Scheme, Port = _base.Port }.Uri // a proxy that ends TLS may write http
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
        return Parse(body, type) ?? throw Strange(response, "something that is no such JSON");
    }

    /// <summary>Whether an error is the registry's own, of a code that ends so: a proxy's 404 says nothing of a repository.</summary>
    public async Task<bool> SaysAsync(HttpResponseMessage response, string code, CancellationToken cancellationToken) =>
        await ReadBodyAsync(response, MaxError, cancellationToken) is { } body
        && Parse(body, AnswersJson.Default.ErrorList)?.Errors?.Any(error => error?.Code?.EndsWith(code, StringComparison.Ordinal) == true) == true;

    public RegistrySourceException Strange(HttpResponseMessage response, string what) =>
        new($"The registry answers {Path(response)} with {what}: see that the setting registry ({Location}) names a registry.");

    public RegistrySourceException Unexpected(HttpResponseMessage response) => response.StatusCode switch
    {
        var status when response.RequestMessage?.RequestUri is { } address && !_client.IsRegistry(address) =>
            new($"The registry at {Location} redirects to {RedirectingClient.Shown(address)}, which answers {(int)status} and is not shown the login, as it is another address: if it is the registry, set registry to it."),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            new($"The registry at {Location} refuses {Path(response)} ({(int)response.StatusCode}): see registry_username and registry_password, and that this user may read all repositories and the catalog."),
        var status => new($"The registry at {Location} answers {Path(response)} with {(int)status}: see that it is well."),
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
                throw new RegistrySourceException($"At {Location} a search index answers, such as this one, and no registry: set registry to the address of the registry itself.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
        {
            throw new RegistrySourceException($"The registry at {Location} cannot be reached ({(error is TimeoutException ? error : error.GetBaseException()).Message.TrimEnd('.')}): see that it runs and that the setting registry is right.", error);
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
            throw new RegistrySourceException($"The registry at {Location} broke off in the middle of its answer to {Path(response)}: see that it is well.", error);
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
