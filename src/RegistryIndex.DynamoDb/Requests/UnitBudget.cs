namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// Limits requests to a number of units per second, in the order in which they ask. Unused units of up to one second accumulate. A larger request
/// is let through, and later requests pay it off. The cost of a read is known when the answer arrives; it is paid off then, before the caller
/// continues. Thread-safe. System.Threading.RateLimiting's TokenBucketRateLimiter is not used: it refuses requests that are larger than the
/// bucket, and a read whose cost turns out to be higher cannot overdraw it.
/// </summary>
/// <param name="unitsPerSecond">The rate; 0 is no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class UnitBudget(int unitsPerSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _units = unitsPerSecond;
    private long _at = time.GetTimestamp();

    public Task SpendAsync(double units, CancellationToken cancellationToken)
    {
        if (unitsPerSecond == 0)
            return Task.CompletedTask;
        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _units = Math.Min(unitsPerSecond, _units + (time.GetElapsedTime(_at, now).TotalSeconds * unitsPerSecond));
            _at = now;
            _units -= units;
            wait = TimeSpan.FromSeconds(Math.Max(0, -_units / unitsPerSecond));
        }

        return wait == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, cancellationToken);
    }
}
