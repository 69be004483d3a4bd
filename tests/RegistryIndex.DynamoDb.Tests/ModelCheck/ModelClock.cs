namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>A clock that stands still until the schedule advances it.</summary>
internal sealed class ModelClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TimeSpan Elapsed { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public void Advance(TimeSpan by) => Elapsed += by;

    /// <summary>The clock of a machine that is ahead by a given time.</summary>
    public TimeProvider Ahead(TimeSpan by) => new Off(this, by);

    private sealed class Off(ModelClock right, TimeSpan ahead) : TimeProvider
    {
        public override long TimestampFrequency => right.TimestampFrequency;

        public override long GetTimestamp() => right.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + ahead;
    }
}
