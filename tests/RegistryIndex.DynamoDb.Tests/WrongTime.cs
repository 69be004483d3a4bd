namespace RegistryIndex.DynamoDb.Tests;

/// <summary>A clock that runs like another one and shows a different time.</summary>
internal sealed class WrongTime(TimeProvider right, int hoursAhead) : TimeProvider
{
    public int HoursAhead { get; set; } = hoursAhead;

    public override long GetTimestamp() => right.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + TimeSpan.FromHours(HoursAhead);
}
