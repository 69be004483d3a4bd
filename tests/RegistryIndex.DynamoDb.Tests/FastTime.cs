namespace RegistryIndex.DynamoDb.Tests;

/// <summary>A clock that runs so many times as fast; only to tell how much has passed.</summary>
internal sealed class FastTime(int factor) : TimeProvider
{
    public override long GetTimestamp() => base.GetTimestamp() * factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));

    private TimeSpan Scaled(TimeSpan span) => span < TimeSpan.Zero ? span : span / factor;
}
