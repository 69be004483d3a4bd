using System.Diagnostics;

namespace RegistryIndex.Benchmarks.Http;

/// <summary>What came of a while of requests by so many clients, each of which asks again as soon as it is answered.</summary>
/// <param name="Milliseconds">How long each answer took that was no error, the shortest first.</param>
/// <param name="Seconds">How long it went on.</param>
/// <param name="Busy">How many answers were 503 with <c>Retry-After</c>.</param>
/// <param name="Errors">How many were other errors.</param>
internal sealed record Load(IReadOnlyList<double> Milliseconds, double Seconds, int Busy, int Errors)
{
    public double Median => At(0.5);

    public double PerSecond => Milliseconds.Count / Seconds;

    /// <summary>How long at most so great a part of the answers took.</summary>
    public double At(double part) => Milliseconds.Count == 0 ? double.NaN : Milliseconds[Math.Min((int)(part * Milliseconds.Count), Milliseconds.Count - 1)];

    public static Load Sum(IEnumerable<Load> loads)
    {
        var all = loads.ToList();
        return new([.. all.SelectMany(load => load.Milliseconds).Order()], all.Sum(load => load.Seconds), all.Sum(load => load.Busy), all.Sum(load => load.Errors));
    }

    /// <summary>Asks for a path for a while, each client at least once.</summary>
    /// <param name="client">Asks.</param>
    /// <param name="path">What for.</param>
    /// <param name="clients">How many at a time.</param>
    /// <param name="time">How long.</param>
    /// <param name="pause">What each waits between an answer and the next request.</param>
    /// <param name="ended">Ends it before.</param>
    public static async Task<Load> RunAsync(HttpClient client, string path, int clients, TimeSpan time, TimeSpan pause = default, CancellationToken ended = default)
    {
        var uri = new Uri(path, UriKind.Relative);
        var start = Stopwatch.GetTimestamp();
        var (busy, errors) = (0, 0);
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            var own = new List<double>();
            do
            {
                var asked = Stopwatch.GetTimestamp();
                using var answer = await client.GetAsync(uri, CancellationToken.None);
                if (answer.IsSuccessStatusCode)
                    own.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                else if ((int)answer.StatusCode == 503 && answer.Headers.RetryAfter is not null)
                    Interlocked.Increment(ref busy);
                else
                    Interlocked.Increment(ref errors);
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, CancellationToken.None);
            }
            while (Stopwatch.GetElapsedTime(start) < time && !ended.IsCancellationRequested);
            return own;
        })));
        return new([.. times.SelectMany(own => own).Order()], Stopwatch.GetElapsedTime(start).TotalSeconds, busy, errors);
    }
}
