using System.Diagnostics;

namespace RegistryIndex.Benchmarks.Http;

/// <summary>The result of a number of clients that send requests for some time, each as soon as it has its answer.</summary>
/// <param name="Milliseconds">The times of the successful answers, in ascending order.</param>
/// <param name="Seconds">The duration.</param>
/// <param name="Busy">The number of answers 503 with <c>Retry-After</c>.</param>
/// <param name="Errors">The number of other errors.</param>
internal sealed record Load(IReadOnlyList<double> Milliseconds, double Seconds, int Busy, int Errors)
{
    public double Median => At(0.5);

    public double PerSecond => Milliseconds.Count / Seconds;

    /// <summary>The time within which a given part of the answers arrived.</summary>
    public double At(double part) => Milliseconds.Count == 0 ? double.NaN : Milliseconds[Math.Min((int)(part * Milliseconds.Count), Milliseconds.Count - 1)];

    public static Load Sum(IEnumerable<Load> loads)
    {
        var all = loads.ToList();
        return new([.. all.SelectMany(load => load.Milliseconds).Order()], all.Sum(load => load.Seconds), all.Sum(load => load.Busy), all.Sum(load => load.Errors));
    }

    /// <summary>Requests a path for some time. Each client sends at least one request.</summary>
    /// <param name="client">The HTTP client.</param>
    /// <param name="path">The path.</param>
    /// <param name="clients">The number of concurrent clients.</param>
    /// <param name="time">The duration.</param>
    /// <param name="pause">The time that each client waits between an answer and its next request.</param>
    /// <param name="ended">Ends the load early.</param>
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
