using System.Collections.Concurrent;
using System.Net;

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
    /// <param name="sentence">The same in our words, with nothing of the request in it.</param>
    public void Write(HttpContext context, string why, string? detail = null, string? sentence = null)
    {
        if (IsToBeSaid(why, out var more))
            LogRefused(logger, context.Request.Method, Word(context.Request.Path), ClientAddress.Of(context)?.ToString() ?? "this machine", why, detail is not null ? $": {Word(detail)}" : sentence is not null ? $": {sentence}" : "", more);
    }

    /// <summary>The same of a whole connection.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="why">The end of the sentence, which is the kind: a constant.</param>
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

    // Without spaces no client writes a sentence into the log that fail2ban takes for one of ours, about somebody else's address.
    private static string Word(string text) => RepositoryName.Shown(text).Replace(" ", "%20", StringComparison.Ordinal);

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
