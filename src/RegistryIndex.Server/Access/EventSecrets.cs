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
/// Lets only those post events who have one of the bearer secrets; several, so that one can take another's place while both work. Where
/// there are none, programs on this machine may as long as no login is needed and no other machine is served; else nobody.
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

    /// <summary>The secrets of a file, hashed.</summary>
    /// <exception cref="ConfigurationMistakeException">There are none, and no others either.</exception>
    /// <exception cref="UnusableFileException">The file cannot be read.</exception>
    public static WatchedFiles<byte[][]> Watch(string file, bool hasOthers, TimeProvider time, ILogger logger)
    {
        var secrets = new WatchedFiles<byte[][]>([file], contents => Read(file, contents[0], logger), time, logger);
        if (hasOthers || secrets.Value.Length > 0)
            return secrets;
        secrets.Dispose();
        throw new ConfigurationMistakeException($"events_secrets_file '{file}' has no secret of {MinLength} characters or more: make one with `openssl rand -hex 32`.");
    }

    /// <summary>What a secret must be that can be guessed; null of one that cannot.</summary>
    public static string? FindWeakness(string secret) =>
        IsLongEnough(secret) ? null : $"of {MinLength} characters or more, as it can be guessed: make one with `openssl rand -hex 32`";

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
            request.Headers.Authorization.Count == 0 ? "as it has no secret: the registry has to send one of events_secrets as Authorization: Bearer" : "as its secret is none of events_secrets",
            null, "Events need one of the secrets of events_secrets, as Authorization: Bearer.");
    }

    public void Dispose() => _file?.Dispose();

    // Without a secret nothing tells a program of this machine from a page that somebody on it looks at in a browser, which can post
    // to any address, but only what a form can, or with its origin, or, if its name is made to point here, by that name.
    private (int Status, string Why, string? Detail, string Sentence)? FindProblem(HttpRequest request)
    {
        if (!_isOpen)
            return (StatusCodes.Status403Forbidden, "as there is no secret for events: set events_secrets", null, "Nobody may post events, as there is no secret for them: set events_secrets.");
        if (request.Headers.Origin is { Count: > 0 } origin)
            return (StatusCodes.Status403Forbidden, "as it comes from a page in a browser", origin.ToString(), "Pages in browsers may not post events without a secret: set events_secrets.");
        if (!_hosts.Contains(request.Host))
            return (StatusCodes.Status403Forbidden, "as it is for a host that is not in allowed_hosts", request.Host.Value, $"Events without a secret are not taken for the host '{RepositoryName.Shown(request.Host.Value ?? "")}': see allowed_hosts, or set events_secrets.");
        if (ClientAddress.Of(request.HttpContext) is { } client && !IPAddress.IsLoopback(client) && !_hosts.AreNamed(request.Host))
            return (StatusCodes.Status403Forbidden, "as a proxy sends it for another machine", null, "Events without a secret are not taken of other machines, whatever proxy they come by: set events_secrets.");
        if (!IsJson(request.ContentType))
            return (StatusCodes.Status415UnsupportedMediaType, "as its media type is no JSON", request.ContentType ?? "none", "Events are JSON: say so with Content-Type: application/json.");
        return null;
    }

    private JsonHttpResult<ErrorAnswer> Refuse(HttpContext context, int status, string why, string? detail, string sentence)
    {
        _refusals.Write(context, why, detail);
        return Errors.Json(status, sentence);
    }

    // application/json, and those that are JSON by their suffix, such as application/vnd.docker.distribution.events.v1+json.
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

    // Of hashes, which are of one length and tell nothing; all are compared, whichever it is.
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "events_secrets_file '{File}', {Lines}: passed over, as a secret of fewer than {Length} characters can be guessed; make one with `openssl rand -hex 32`")]
    private static partial void LogPassedOver(ILogger logger, string file, string lines, int length);

    [LoggerMessage(Level = LogLevel.Error, Message = "events_secrets_file '{File}' has no secrets")]
    private static partial void LogNobody(ILogger logger, string file);
}
