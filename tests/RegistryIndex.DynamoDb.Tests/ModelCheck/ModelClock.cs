namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>A clock that stands still until the schedule moves it.</summary>
internal sealed class ModelClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TimeSpan Elapsed { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public void Advance(TimeSpan by) => Elapsed += by;
}
