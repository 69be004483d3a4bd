namespace RegistryIndex.DynamoDb.Tests;

/// <summary>A clock that runs as another does, and shows another time.</summary>
internal sealed class OffTime(TimeProvider right, int hoursAhead) : TimeProvider
{
    public int HoursAhead { get; set; } = hoursAhead;

    public override long GetTimestamp() => right.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + TimeSpan.FromHours(HoursAhead);
}
