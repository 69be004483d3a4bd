using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.Runtime;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// DynamoDB's time, as its answers report it. All writers and sweepers share this clock; the clocks of their machines may be wrong. Between
/// two answers, the time that passes on this machine is added. Before the first answer, and if the client does not show the headers of its answers,
/// this is the time of the machine. Thread-safe.
/// </summary>
internal sealed class ServiceClock(TimeProvider time) : IDisposable
{
    private volatile Answer? _last;
    private Action? _stop;

    /// <summary>The earliest time that it can be at DynamoDB now.</summary>
    public DateTimeOffset Earliest => _last is { } last ? last.Date + PassedSince(last).Least : time.GetUtcNow();

    /// <summary>The latest time that it can be at DynamoDB now. The true time is earlier by at most the duration of an answer.</summary>
    public DateTimeOffset Latest => _last is { } last ? last.Date + PassedSince(last).Most : time.GetUtcNow();

    /// <summary>Creates a clock that follows the answers of a client until the clock is disposed of.</summary>
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

    /// <summary>Notes an answer that was sent at the given time.</summary>
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

    // The monotonic clock stops while a machine is suspended, and the other clock may be set in the meantime.
    private (TimeSpan Least, TimeSpan Most) PassedSince(Answer last)
    {
        var (steady, set) = (time.GetElapsedTime(last.At), time.GetUtcNow() - last.Here);
        return set > steady ? (steady, set) : (set > TimeSpan.Zero ? set : TimeSpan.Zero, steady);
    }

    private sealed record Answer(DateTimeOffset Date, long At, DateTimeOffset Here);
}
