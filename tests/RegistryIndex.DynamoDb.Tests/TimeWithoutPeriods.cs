namespace RegistryIndex.DynamoDb.Tests;

/// <summary>
/// A clock that runs like another one, without periodic timers: a lease is not renewed, so that the requests of a process do not depend on
/// its duration.
/// </summary>
internal sealed class TimeWithoutPeriods(TimeProvider time) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, period == Timeout.InfiniteTimeSpan ? dueTime : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
