using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Microsoft.Extensions.Logging;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// Detects requests that were refused because this machine's clock is wrong. By then the AWS client has noted the time of the answer and signs
/// the next request with it, so the request succeeds when it is sent again. Thread-safe.
/// </summary>
internal sealed partial class ClockSkew(string place, TimeProvider time, ILogger logger)
{
    // DynamoDB accepts a difference of five minutes. The client corrects its signature from four minutes on.
    private static readonly TimeSpan Tolerated = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromHours(1);

    private static readonly HashSet<string> Codes = new(StringComparer.Ordinal)
    {
        "InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "AuthFailure",
    };

    private long _warned = long.MinValue;

    /// <summary>How far this machine's clock is ahead of the service's clock, if the request was refused for that reason; otherwise null.</summary>
    public TimeSpan? FindIn(Exception error)
    {
        if (error is not AmazonServiceException service || !Codes.Contains(service.ErrorCode ?? "") || DateOf(error) is not { } date)
            return null;
        var ahead = time.GetUtcNow() - date;
        return ahead.Duration() > Tolerated ? ahead : null;
    }

    /// <summary>Logs a warning, at most once an hour.</summary>
    public void Warn(TimeSpan ahead)
    {
        var (now, warned) = (time.GetTimestamp(), Interlocked.Read(ref _warned));
        if ((warned == long.MinValue || time.GetElapsedTime(warned, now) > BetweenWarnings) && Interlocked.CompareExchange(ref _warned, now, warned) == warned)
            LogSkew(logger, Describe(ahead), place);
    }

    /// <summary>Describes the difference as the end of a sentence: <c>3 hours and 5 minutes ahead</c>.</summary>
    public static string Describe(TimeSpan ahead)
    {
        var off = ahead.Duration();
        string[] parts = [Count((int)off.TotalDays, "day"), Count(off.Hours, "hour"), Count(off.Minutes, "minute")];
        return $"{string.Join(" and ", parts.Where(part => part.Length > 0).Take(2))} {(ahead > TimeSpan.Zero ? "ahead" : "behind")}";

        static string Count(int number, string unit) => number == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")}");
    }

    /// <summary>The time at which the service sent an error; null if the error is not from the service or has no date.</summary>
    public static DateTimeOffset? DateOf(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is HttpErrorResponseException { Response: { } response })
                return ServiceClock.Parse(response.GetHeaderValue("Date"));
        }

        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock of this machine is {Off} of that of {Place}: set it, for example with NTP. Until then requests are signed with the time of {Place}.")]
    private static partial void LogSkew(ILogger logger, string off, string place);
}
