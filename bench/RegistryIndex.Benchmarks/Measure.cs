using System.Diagnostics;

namespace RegistryIndex.Benchmarks;

/// <summary>Compares the times of actions. Each round runs each action once, and the result is the median over the rounds.</summary>
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
                if (round >= 0) // the first round warms the caches
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
