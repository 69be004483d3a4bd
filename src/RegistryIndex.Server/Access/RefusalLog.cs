using System.Collections.Concurrent;

namespace RegistryIndex.Server.Access;

/// <summary>
/// Tells operators of requests that are refused: the first of each kind in a minute, and how many there were since. Never what a
/// request carried as a password or a secret. Thread-safe.
/// </summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> logger)
{
    private static readonly TimeSpan OnceIn = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    /// <param name="context">The request.</param>
    /// <param name="why">The end of the sentence, which is the kind: a constant.</param>
    /// <param name="detail">What of the request was wrong, if that may be shown.</param>
    public void Write(HttpContext context, string why, string? detail = null)
    {
        var kind = _kinds.GetOrAdd(why, _ => new());
        long unsaid;
        lock (kind)
        {
            if (kind.Said is { } said && time.GetElapsedTime(said) < OnceIn)
            {
                kind.Unsaid++;
                return;
            }

            (unsaid, kind.Unsaid, kind.Said) = (kind.Unsaid, 0, time.GetTimestamp());
        }

        LogRefused(
            logger, context.Request.Method, RepositoryName.Shown(context.Request.Path), ClientAddress.Of(context)?.ToString() ?? "this machine", why,
            detail is null ? "" : $": {RepositoryName.Shown(detail)}", unsaid == 0 ? "" : $" ({unsaid} more before)");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused {Method} {Path} from {Address} {Why}{Detail}{More}")]
    private static partial void LogRefused(ILogger logger, string method, string path, string address, string why, string detail, string more);

    private sealed class Kind
    {
        public long? Said { get; set; }

        public long Unsaid { get; set; }
    }
}
