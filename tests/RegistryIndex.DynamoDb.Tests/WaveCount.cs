namespace RegistryIndex.DynamoDb.Tests;

/// <summary>
/// Checks how often a call waits for DynamoDB. Requests that are sent concurrently are one wave if all of them are sent before the first is answered.
/// A machine that pauses between them shows more waves, so a call with too many waves is repeated with slower answers.
/// </summary>
internal static class WaveCount
{
    private static readonly double[] Seconds = [0.1, 0.5, 2, 8];

    /// <summary>Checks the number of waves.</summary>
    /// <param name="most">The maximum number.</param>
    /// <param name="countAsync">Makes the call with answers that take this time, and returns the number of waves.</param>
    public static async Task ShouldBeAtMostAsync(int most, Func<TimeSpan, Task<int>> countAsync)
    {
        var waves = int.MaxValue;
        foreach (var delay in Seconds)
        {
            waves = await countAsync(TimeSpan.FromSeconds(delay));
            if (waves <= most)
                return;
        }

        waves.Should().BeLessThanOrEqualTo(most, "each answer took {0} seconds", Seconds[^1]);
    }
}
