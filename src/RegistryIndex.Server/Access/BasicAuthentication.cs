using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Server.Access;

/// <summary>
/// HTTP Basic authentication (RFC 7617) against the htpasswd file. Without a login, docker sends <c>Basic Og==</c>, an empty user and
/// password: that is an anonymous request, not a wrong password.
/// </summary>
internal sealed partial class BasicAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, PasswordCheck passwords, AccessMetrics metrics, RefusalLog refusals)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Basic";

    private const int MaxCredentials = 1024;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private TimeSpan? _retryAfter;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Endpoints without a rate limit, such as events and liveness probes, must not run a slow check of a password either.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null)
            return AuthenticateResult.NoResult();
        if (Read(Request.Headers.Authorization.ToString()) is not var (user, password))
            return AuthenticateResult.NoResult();
        var login = await passwords.CheckAsync(ClientAddress.NetworkOf(Context), user, password, Context.RequestAborted);
        metrics.LoggedIn(login switch
        {
            Login.Right => "right",
            Login.Wrong => "wrong",
            Login.Busy => "busy",
            _ => "too_many_failures",
        });
        switch (login)
        {
            case Login.Right:
                return AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, user)], Name)), Name));
            case Login.Busy:
                _retryAfter = TimeSpan.FromSeconds(1);
                refusals.Write(Context, "because too many of its logins wait to be checked");
                break;
            case Login.TooManyFailures:
                _retryAfter = FailedLogins.Window;
                refusals.Write(Context, "because it has failed to log in too often, the last time as user", user);
                break;
            default:
                LogFailed(Logger, ClientAddress.Of(Context)?.ToString() ?? "this machine", RepositoryName.Shown(user));
                break;
        }

        return AuthenticateResult.Fail("The user or password is wrong.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_retryAfter is { } wait)
        {
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            Response.Headers.RetryAfter = wait.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Basic realm=\"registry-index\", charset=\"UTF-8\"";
        return Task.CompletedTask;
    }

    private static (string User, string Password)? Read(string header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || !value.Scheme.Equals(Name, StringComparison.OrdinalIgnoreCase) || value.Parameter is not { Length: <= MaxCredentials } parameter)
            return null;
        try
        {
            var text = StrictUtf8.GetString(Convert.FromBase64String(parameter));
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon > 0 && !text.Contains('\0', StringComparison.Ordinal) ? (text[..colon], text[(colon + 1)..]) : null;
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            return null;
        }
    }

    // docs/configuration.md has the expression with which fail2ban finds this line: the address comes before any text from the client.
    [LoggerMessage(Level = LogLevel.Warning, Message = "Login failed from {Address} for user '{User}'")]
    private static partial void LogFailed(ILogger logger, string address, string user);
}
