namespace RegistryIndex.Testing;

/// <summary>A clock with which every pause ends at once.</summary>
public sealed class InstantTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
}
