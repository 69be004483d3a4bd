using System.Diagnostics;

namespace RegistryIndex.Benchmarks;

/// <summary>Times things side by side: a round does each of them once, and the medians over the rounds are compared.</summary>
internal static class Measure
{
    public static async Task<double[]> MedianMillisecondsAsync(int rounds, params Func<Task>[] actions)
    {
        var times = actions.Select(_ => new List<double>()).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await actions[i]();
                if (round >= 0) // the first is for the caches
                    times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return [.. times.Select(series => series.Order().ElementAt(series.Count / 2))];
    }

    public static async Task<double> SecondsAsync(Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
