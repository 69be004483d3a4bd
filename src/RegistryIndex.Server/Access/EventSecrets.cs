using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Http;

namespace RegistryIndex.Server.Access;

/// <summary>
/// Lets only those post events who have one of the bearer secrets; several, so that one can take another's place while both work. Where
/// there are none, whoever is on this machine may as long as no login is needed and no other machine is served; else nobody.
/// </summary>
internal sealed class EventSecrets : IEndpointFilter
{
    private const int MinLength = 16;
    private const string Key = "events_secrets";
    private readonly byte[][] _given;
    private readonly WatchedFile<byte[][]>? _file;
    private readonly bool _isOpen;
    private readonly AccessMetrics _metrics;

    public EventSecrets(IConfiguration configuration, IOptions<AccessOptions> options, AccessMetrics metrics, TimeProvider time, ILogger<EventSecrets> logger)
    {
        _metrics = metrics;
        var section = configuration.GetSection(Key);
        _given = [.. section.GetChildren().Select(child => child.Value).Prepend(section.Value).Where(secret => !string.IsNullOrEmpty(secret)).Select(secret => Hash(secret!, Key))];
        _isOpen = !options.Value.NeedsLogin && Listening.IsThisMachineOnly(configuration["urls"]);
        if (options.Value.EventSecretsFile is { Length: > 0 } file)
            _file = new(file, () => [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0).Select(line => Hash(line, $"events_secrets_file '{file}'"))], time, logger);
    }

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var secrets = _file is null ? _given : [.. _given, .. _file.Value];
        if (secrets.Length == 0 && _file is null)
        {
            return _isOpen
                ? await next(context)
                : Errors.Json(StatusCodes.Status403Forbidden, "Nobody may post events, as there is no secret for them: set events_secrets.");
        }

        if (IsOneOf(secrets, context.HttpContext.Request.Headers.Authorization.ToString()))
            return await next(context);
        _metrics.LoggedIn("wrong_secret");
        context.HttpContext.Response.Headers.WWWAuthenticate = "Bearer realm=\"registry-index\"";
        return Errors.Json(StatusCodes.Status401Unauthorized, "Events need one of the secrets of events_secrets, as Authorization: Bearer.");
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

    private static byte[] Hash(string secret, string where) => secret.Length >= MinLength
        ? SHA256.HashData(Encoding.UTF8.GetBytes(secret))
        : throw new ConfigurationMistakeException($"{where} has a secret of fewer than {MinLength} characters, which can be guessed: make one with `openssl rand -hex 32`.");
}
