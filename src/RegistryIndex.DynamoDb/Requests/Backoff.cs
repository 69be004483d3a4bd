using System.Security.Cryptography;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// Waits longer and longer before something is tried again, at random so that many writers do not come back at once, up
/// to a deadline since the last progress.
/// </summary>
internal sealed class Backoff(TimeProvider time, TimeSpan deadline)
{
    private const int FirstMilliseconds = 50;
    private const int LongestMilliseconds = 5_000;
    private long _since = time.GetTimestamp();
    private int _waits;

    /// <summary>Whether another try is due before the deadline.</summary>
    public bool MayGoOn => time.GetElapsedTime(_since) < deadline;

    /// <summary>Something was done: the deadline counts from now, and the waits are short again.</summary>
    public void Progressed() => (_since, _waits) = (time.GetTimestamp(), 0);

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var longest = Math.Min(LongestMilliseconds, FirstMilliseconds << Math.Min(_waits++, 10));
        return Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, longest + 1)), time, cancellationToken);
    }
}
