using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using RegistryIndex.Files;
using RegistryIndex.Server.Answers;
using RegistryIndex.Sources;

namespace RegistryIndex.Server.Access;

/// <summary>
/// Accepts events only with one of the bearer secrets. There may be several, so that a secret can be replaced while both work. When no
/// secrets are configured, programs on this machine may post events, provided that no login is required and no other machine is served;
/// otherwise no one may.
/// </summary>
internal sealed partial class EventSecrets : IEndpointFilter, IDisposable
{
    private const int MinLength = 16;
    private readonly byte[][] _given;
    private readonly WatchedFiles<byte[][]>? _file;
    private readonly bool _isOpen;
    private readonly AllowedHosts _hosts;
    private readonly AccessMetrics _metrics;
    private readonly RefusalLog _refusals;

    public EventSecrets(
        IConfiguration configuration, IOptions<AccessOptions> options, AllowedHosts hosts, AccessMetrics metrics, RefusalLog refusals, TimeProvider time, ILogger<EventSecrets> logger)
    {
        (_hosts, _metrics, _refusals) = (hosts, metrics, refusals);
        _given = [.. options.Value.Secrets.Select(Hash)];
        _isOpen = !options.Value.NeedsLogin && Listening.IsThisMachineOnly(configuration["urls"]);
        if (options.Value.EventSecretsFile is not { Length: > 0 } file)
            return;
        _file = Watch(file, hasOthers: _given.Length > 0, time, logger);
    }

    /// <summary>Reads the secrets of a file, and hashes them.</summary>
    /// <exception cref="ConfigurationMistakeException">The file has no secrets, and no others are configured.</exception>
    /// <exception cref="UnusableFileException">The file cannot be read.</exception>
    public static WatchedFiles<byte[][]> Watch(string file, bool hasOthers, TimeProvider time, ILogger logger)
    {
        var secrets = new WatchedFiles<byte[][]>([file], contents => Read(file, contents[0], logger), time, logger);
        if (hasOthers || secrets.Value.Length > 0)
            return secrets;
        secrets.Dispose();
        throw new ConfigurationMistakeException($"events_secrets_file '{file}' has no secret of {MinLength} characters or more: create one with `openssl rand -hex 32`.");
    }

    /// <summary>Returns what a guessable secret must be instead; null for a secret that cannot be guessed.</summary>
    public static string? FindWeakness(string secret) =>
        IsLongEnough(secret) ? null : $"of {MinLength} characters or more, because shorter ones can be guessed: create one with `openssl rand -hex 32`";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        if (_given.Length == 0 && _file is null)
        {
            return FindProblem(request) is not var (status, why, detail, sentence)
                ? await next(context)
                : Refuse(context.HttpContext, status, why, detail, sentence);
        }

        if (IsOneOf([.. _given, .. _file?.Value ?? []], request.Headers.Authorization.ToString()))
            return await next(context);
        _metrics.LoggedIn("wrong_secret");
        context.HttpContext.Response.Headers.WWWAuthenticate = "Bearer realm=\"registry-index\"";
        return Refuse(
            context.HttpContext, StatusCodes.Status401Unauthorized,
            request.Headers.Authorization.Count == 0 ? "because it has no secret: the registry must send one of events_secrets as Authorization: Bearer" : "because its secret is not one of events_secrets",
            null, "Events require one of the secrets in events_secrets, as Authorization: Bearer.");
    }

    public void Dispose() => _file?.Dispose();

    // Without a secret, a program of this machine cannot be told from a web page in a browser on it. Such a page can post to any address, but
    // only what a form can post, or with its origin, or, if its host name was made to point here, with that name.
    private (int Status, string Why, string? Detail, string Sentence)? FindProblem(HttpRequest request)
    {
        if (!_isOpen)
            return (StatusCodes.Status403Forbidden, "because no secret for events is configured: set events_secrets", null, "Events are refused, because no secret for them is configured: set events_secrets.");
        if (request.Headers.Origin is { Count: > 0 } origin)
            return (StatusCodes.Status403Forbidden, "because it comes from a web page", origin.ToString(), "Web pages may not post events without a secret: set events_secrets.");
        if (!_hosts.Contains(request.Host))
            return (StatusCodes.Status403Forbidden, "because its host is not in allowed_hosts", request.Host.Value, $"Events without a secret are not accepted for the host '{RepositoryName.Shown(request.Host.Value ?? "")}': see allowed_hosts, or set events_secrets.");
        if (ClientAddress.Of(request.HttpContext) is { } client && !IPAddress.IsLoopback(client) && !_hosts.AreNamed(request.Host))
            return (StatusCodes.Status403Forbidden, "because a proxy sends it for another machine", null, "Events without a secret are not accepted from other machines, even through a proxy: set events_secrets.");
        if (!IsJson(request.ContentType))
            return (StatusCodes.Status415UnsupportedMediaType, "because its media type is not JSON", request.ContentType ?? "none", "Events must be JSON: send them with Content-Type: application/json.");
        return null;
    }

    private JsonHttpResult<ErrorAnswer> Refuse(HttpContext context, int status, string why, string? detail, string sentence)
    {
        _refusals.Write(context, why, detail);
        return Errors.Json(status, sentence);
    }

    // application/json, and types with the suffix +json, such as application/vnd.docker.distribution.events.v1+json.
    private static bool IsJson(string? mediaType) => MediaTypeHeaderValue.TryParse(mediaType, out var type)
        && type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
        && (type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));

    private static byte[][] Read(string file, byte[] content, ILogger logger)
    {
        var lines = TextLines.Of(SecretText.Read("events_secrets_file", file, content)).ToList();
        var secrets = lines.Where(line => IsLongEnough(line.Line)).Select(line => Hash(line.Line)).ToArray();
        if (secrets.Length < lines.Count)
            LogPassedOver(logger, file, TextLines.Shown([.. lines.Where(line => !IsLongEnough(line.Line)).Select(line => line.Number)]), MinLength);
        if (secrets.Length == 0)
            LogNobody(logger, file);
        return secrets;
    }

    // Compares hashes, which have equal lengths and reveal nothing. All are compared, even after a match.
    private static bool IsOneOf(byte[][] secrets, string header)
    {
        const string Scheme = "Bearer ";
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()));
        var isOne = false;
        foreach (var secret in secrets)
            isOne |= CryptographicOperations.FixedTimeEquals(secret, given);
        return isOne;
    }

    private static bool IsLongEnough(string secret) => secret.Length >= MinLength;

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    [LoggerMessage(Level = LogLevel.Warning, Message = "events_secrets_file '{File}', {Lines}: skipped, because a secret of fewer than {Length} characters can be guessed; create one with `openssl rand -hex 32`")]
    private static partial void LogPassedOver(ILogger logger, string file, string lines, int length);

    [LoggerMessage(Level = LogLevel.Error, Message = "events_secrets_file '{File}' has no secrets")]
    private static partial void LogNobody(ILogger logger, string file);
}
