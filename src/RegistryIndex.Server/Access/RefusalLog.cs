using System.Collections.Concurrent;
using System.Net;

namespace RegistryIndex.Server.Access;

/// <summary>
/// Logs refused requests for operators: the first of each kind in a minute, and the number of refusals since. Never logs a password or
/// secret of a request. Thread-safe.
/// </summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> logger)
{
    private static readonly TimeSpan OnceIn = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    /// <param name="context">The request.</param>
    /// <param name="why">The end of the sentence, a constant that identifies the kind.</param>
    /// <param name="detail">The part of the request that was wrong, if it may be shown.</param>
    /// <param name="sentence">The reason in words that contain nothing from the request.</param>
    public void Write(HttpContext context, string why, string? detail = null, string? sentence = null)
    {
        if (IsToBeSaid(why, out var more))
            LogRefused(logger, LoggedWord.Of(context.Request.Method), LoggedWord.Of(context.Request.Path), ClientAddress.Of(context)?.ToString() ?? "this machine", why, detail is not null ? $": {LoggedWord.Of(detail)}" : sentence is not null ? $": {sentence}" : "", more);
    }

    /// <summary>Logs a refused connection.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="why">The end of the sentence, a constant that identifies the kind.</param>
    public void Write(IPAddress? client, string why)
    {
        if (IsToBeSaid(why, out var more))
            LogRefusedConnection(logger, client?.ToString() ?? "this machine", why, more);
    }

    private bool IsToBeSaid(string why, out string more)
    {
        var kind = _kinds.GetOrAdd(why, _ => new());
        lock (kind)
        {
            more = kind.Unsaid == 0 ? "" : $" ({kind.Unsaid} more before)";
            if (kind.Said is { } said && time.GetElapsedTime(said) < OnceIn)
            {
                kind.Unsaid++;
                return false;
            }

            (kind.Unsaid, kind.Said) = (0, time.GetTimestamp());
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused {Method} {Path} from {Address} {Why}{Detail}{More}")]
    private static partial void LogRefused(ILogger logger, string method, string path, string address, string why, string detail, string more);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Closed a connection from {Address} {Why}{More}")]
    private static partial void LogRefusedConnection(ILogger logger, string address, string why, string more);

    private sealed class Kind
    {
        public long? Said { get; set; }

        public long Unsaid { get; set; }
    }
}
