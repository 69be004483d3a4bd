namespace RegistryIndex.DynamoDb.Tests;

/// <summary>
/// A clock that runs as another does, and by which nothing recurs: a lease is not renewed, so that the requests of a process do not depend
/// on how long it takes.
/// </summary>
internal sealed class UnrepeatedTime(TimeProvider time) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, period == Timeout.InfiniteTimeSpan ? dueTime : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
