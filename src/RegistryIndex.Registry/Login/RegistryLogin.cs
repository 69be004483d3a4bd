using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RegistryIndex.Registry.Answers;
using RegistryIndex.Registry.Connecting;
using RegistryIndex.Sources;

namespace RegistryIndex.Registry.Login;

/// <summary>
/// Sends requests with the login that the registry asks for: none, the password itself, or a token of its token server (distribution's
/// token authentication), which is kept while it is valid. A challenge is accepted only from the registry itself, and besides the registry
/// only the token server that it names receives the password. Thread-safe.
/// </summary>
internal sealed class RegistryLogin(RedirectingClient client, RegistryPassword password, Uri registry, TimeProvider time) : IDisposable
{
    private const int MostTokens = 1_000;
    private const int MaxAnswer = 1 << 20;
    private static readonly TimeSpan DefaultLife = TimeSpan.FromSeconds(60); // the default of distribution's specification
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _tokens = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(4);
    private volatile bool _wantsPassword;

    /// <exception cref="TimeoutException">No answer arrived in time.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, string scope, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var first = await SendAsync(request(), Known(scope), timeout, cancellationToken);
        if (first.StatusCode != HttpStatusCode.Unauthorized || !client.IsRegistry(first.RequestMessage?.RequestUri) || Challenge.Of(first) is not { } challenge)
            return first;
        first.Dispose();
        EnsureUnseen(registry);
        _tokens.TryRemove(scope, out _);
        _wantsPassword = !challenge.IsBearer;
        var login = challenge.IsBearer ? await GetTokenAsync(challenge, scope, timeout, cancellationToken) : password.Header;
        return await SendAsync(request(), login, timeout, cancellationToken);
    }

    public void Dispose()
    {
        _turn.Dispose();
        password.Dispose();
    }

    private AuthenticationHeaderValue? Known(string scope)
    {
        if (_tokens.TryGetValue(scope, out var known) && known.Until > time.GetUtcNow())
            return new("Bearer", known.Token);
        return _wantsPassword ? password.Header : null;
    }

    // Without TLS, a proxy sees the whole request, and may have written the answer too.
    private void EnsureUnseen(Uri address)
    {
        if (password.IsThere && address.Scheme == Uri.UriSchemeHttp && EnvironmentProxy.OfProcess.GetProxy(address) is { } proxy)
            throw new RegistrySourceException($"The login for {RedirectingClient.Shown(address)} would pass through the proxy {proxy.Authority} unencrypted: use https, or add the host to NO_PROXY.");
    }

    private async Task<AuthenticationHeaderValue> GetTokenAsync(Challenge challenge, string scope, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(challenge.Realm, UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https") || (registry.Scheme == "https" && realm.Scheme != "https"))
            throw new RegistrySourceException($"The registry at {registry} names a token server to which the password cannot be sent, '{RepositoryName.Shown(challenge.Realm ?? "")}': see its configuration.");
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Known(scope) is { Scheme: "Bearer" } got) // another request got it first
                return got;
            EnsureUnseen(realm);
            using var response = await SendAsync(new(HttpMethod.Get, Address(realm, challenge, scope)), password.Header, timeout, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                if (response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
                    throw new HttpRequestException($"the token server answers {(int)response.StatusCode}", null, response.StatusCode);
                throw new RegistrySourceException($"The token server {realm.Authority} returned no token{(scope.Length == 0 ? "" : $" for '{scope}'")} ({(int)response.StatusCode}): see registry_username and registry_password.");
            }

            var body = await response.Content.ReadAsync(MaxAnswer, timeout, cancellationToken) ?? throw new JsonException("no end");
            var answer = JsonSerializer.Deserialize(body, AnswersJson.Default.TokenAnswer);
            var token = answer?.Token ?? answer?.AccessToken ?? throw new JsonException("no token");
            Keep(scope, token, answer!.ExpiresIn is > 0 and var seconds ? TimeSpan.FromSeconds(Math.Min(seconds, LongestLife.TotalSeconds)) : DefaultLife);
            return new("Bearer", token);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new RegistrySourceException($"The answer of the token server {realm.Authority} is not a token: check the registry's configuration.", error);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Keep(string scope, string token, TimeSpan life)
    {
        if (_tokens.Count >= MostTokens)
            _tokens.Clear();
        _tokens[scope] = (token, time.GetUtcNow() + life - Margin);
    }

    private static Uri Address(Uri realm, Challenge challenge, string scope)
    {
        var query = new StringBuilder(realm.Query.TrimStart('?'));
        Append("service", challenge.Service);
        Append("scope", challenge.Scope ?? scope);
        return new UriBuilder(realm) { Query = query.ToString() }.Uri;

        void Append(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                query.Append(query.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, AuthenticationHeaderValue? login, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using (request)
        using (var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            deadline.CancelAfter(timeout);
            try
            {
                return await client.SendAsync(request, login, deadline.Token);
            }
            catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"no answer within {timeout.TotalSeconds:0} s", error);
            }
        }
    }
}
