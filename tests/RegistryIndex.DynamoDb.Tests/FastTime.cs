namespace RegistryIndex.DynamoDb.Tests;

/// <summary>A clock that runs faster by a factor. Use it only to measure elapsed time.</summary>
internal sealed class FastTime(int factor) : TimeProvider
{
    public override long GetTimestamp() => base.GetTimestamp() * factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));

    private TimeSpan Scaled(TimeSpan span) => span < TimeSpan.Zero ? span : span / factor;
}
