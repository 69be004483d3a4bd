using System.Security.Cryptography;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// Waits before a retry, longer each time, up to a deadline since the last progress. The waits are random, so that many writers do not retry at
/// the same moment. Polly is not used: its retries count from the first attempt, and it cannot restart the deadline after progress.
/// </summary>
internal sealed class Backoff(TimeProvider time, TimeSpan deadline)
{
    private const int FirstMilliseconds = 50;
    private const int LongestMilliseconds = 5_000;
    private long _since = time.GetTimestamp();
    private int _waits;

    /// <summary>Whether the deadline allows another attempt.</summary>
    public bool MayGoOn => time.GetElapsedTime(_since) < deadline;

    /// <summary>Restarts the deadline after progress and makes the waits short again.</summary>
    public void Progressed() => (_since, _waits) = (time.GetTimestamp(), 0);

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var longest = Math.Min(LongestMilliseconds, FirstMilliseconds << Math.Min(_waits++, 10));
        return Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, longest + 1)), time, cancellationToken);
    }
}
