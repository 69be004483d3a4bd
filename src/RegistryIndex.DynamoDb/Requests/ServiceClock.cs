using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// What time it is at DynamoDB, as its answers say: the one clock that all writers and sweepers share, whatever those of their machines
/// show. Between two answers the time that has passed here counts. Before the first, and where the client does not show the headers of its
/// answers, it is the time of this machine. Thread-safe.
/// </summary>
internal sealed class ServiceClock(TimeProvider time) : IDisposable
{
    private volatile Answer? _last;
    private Action? _stop;

    /// <summary>It is this late there, or later.</summary>
    public DateTimeOffset Earliest => _last is { } last ? last.Date + PassedSince(last).Least : time.GetUtcNow();

    /// <summary>It is this late there, or earlier by no more than an answer takes.</summary>
    public DateTimeOffset Latest => _last is { } last ? last.Date + PassedSince(last).Most : time.GetUtcNow();

    /// <summary>Goes by the answers that a client gets, until it is disposed of.</summary>
    public static ServiceClock Of(IAmazonDynamoDB client, TimeProvider time)
    {
        var clock = new ServiceClock(time);
        if (client is AmazonServiceClient service)
        {
            service.AfterResponseEvent += clock.Read;
            clock._stop = () => service.AfterResponseEvent -= clock.Read;
        }

        return clock;
    }

    /// <summary>An answer came that was sent at that time.</summary>
    public void Note(DateTimeOffset date) => _last = new(date, time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Reads the date of an answer.</summary>
    public static DateTimeOffset? Parse(string? date) =>
        DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : null;

    public void Dispose() => _stop?.Invoke();

    private void Read(object sender, ResponseEventArgs response)
    {
        if (response is WebServiceResponseEventArgs { ResponseHeaders: { } headers } && headers.TryGetValue("Date", out var date) && Parse(date) is { } parsed)
            Note(parsed);
    }

    // The one clock stands still while a machine is suspended, and the other may be set meanwhile.
    private (TimeSpan Least, TimeSpan Most) PassedSince(Answer last)
    {
        var (steady, set) = (time.GetElapsedTime(last.At), time.GetUtcNow() - last.Here);
        return set > steady ? (steady, set) : (set > TimeSpan.Zero ? set : TimeSpan.Zero, steady);
    }

    private sealed record Answer(DateTimeOffset Date, long At, DateTimeOffset Here);
}
