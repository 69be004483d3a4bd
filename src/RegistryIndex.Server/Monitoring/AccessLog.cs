using RegistryIndex.Server.Access;

namespace RegistryIndex.Server.Monitoring;

/// <summary>
/// Logs each request: method, path, status, duration, and the client's address and user. Never logs the query, which has what users search
/// for, nor headers. Thread-safe.
/// </summary>
internal sealed partial class AccessLog(TimeProvider time, ILogger<AccessLog> logger)
{
    /// <summary>Runs before everything else, so that each answer is logged as it is sent.</summary>
    public void Use(WebApplication app) => app.Use(async (context, next) =>
    {
        var (start, method, path) = (time.GetTimestamp(), LoggedWord.Of(context.Request.Method), LoggedWord.Of(context.Request.Path));
        try
        {
            await next(context);
        }
        finally
        {
            var user = context.User.Identity is { IsAuthenticated: true, Name: { } name } ? LoggedWord.Of(name) : LoggedWord.Of("");
            LogRequest(logger, method, path, context.Response.StatusCode, Math.Round(time.GetElapsedTime(start).TotalMilliseconds, 1), ClientAddress.Of(context)?.ToString() ?? "this machine", user);
        }
    });

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Path} {Status} in {Milliseconds} ms from {Address} as {User}")]
    private static partial void LogRequest(ILogger logger, string method, string path, int status, double milliseconds, string address, string user);
}
