namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// Lets requests through at no more than so many units a second, in the order in which they ask; a second's worth may have
/// gathered. A request larger than that is let through and paid off by those after it. What a read costs is known when it is
/// answered: it is paid off then, before the caller goes on. Thread-safe.
/// </summary>
/// <param name="unitsPerSecond">The rate; 0 is without limit.</param>
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
