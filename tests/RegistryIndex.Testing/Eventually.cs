using System.Diagnostics;

namespace RegistryIndex.Testing;

/// <summary>Waits for a condition. A passing test does not wait up to the limit, so the limit does not matter for its duration.</summary>
public static class Eventually
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    /// <summary>The limit. It is much longer than a machine needs that twenty other programs keep busy.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Waits until a condition is true.</summary>
    /// <param name="isSo">The condition, which is evaluated repeatedly.</param>
    /// <param name="instead">The message if it does not become true.</param>
    /// <exception cref="TimeoutException">The condition did not become true within the limit.</exception>
    public static async Task BeAsync(Func<Task<bool>> isSo, Func<string>? instead = null)
    {
        var start = Stopwatch.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(1); !await isSo(); pause = pause < LongestPause ? 2 * pause : LongestPause)
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new TimeoutException($"It never came: {instead?.Invoke() ?? "see the stack trace"}");
            await Task.Delay(pause);
        }
    }

    /// <summary>Waits until a condition is true.</summary>
    /// <exception cref="TimeoutException">The condition did not become true within the limit.</exception>
    public static Task BeAsync(Func<bool> isSo, Func<string>? instead = null) => BeAsync(() => Task.FromResult(isSo()), instead);
}
