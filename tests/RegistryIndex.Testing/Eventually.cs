using System.Diagnostics;

namespace RegistryIndex.Testing;

/// <summary>Waits for what must come. How long it takes says nothing: only a test that fails anyway waits up to the limit.</summary>
public static class Eventually
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    /// <summary>After this, what has not come does not come. Far above what a machine takes that twenty others keep busy.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Waits until something is so.</summary>
    /// <param name="isSo">Asked again and again.</param>
    /// <param name="instead">What to say where it never is.</param>
    /// <exception cref="TimeoutException">It was not within the limit.</exception>
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

    /// <summary>Waits until something is so.</summary>
    /// <exception cref="TimeoutException">It was not within the limit.</exception>
    public static Task BeAsync(Func<bool> isSo, Func<string>? instead = null) => BeAsync(() => Task.FromResult(isSo()), instead);
}
