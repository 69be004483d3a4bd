using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>One attempt to write a repository: its nonce, its writes, and its time limit.</summary>
internal sealed class WriteAttempt
{
    /// <summary>
    /// An attempt that is older than this gives up, because a sweeper takes the postings of much older attempts for orphans.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly DateTimeOffset _startedAt;

    /// <param name="repository">The repository to store.</param>
    /// <param name="read">The row that is replaced, or null.</param>
    /// <param name="renews">Whether to write all postings again, even those that should exist.</param>
    /// <param name="time">The clock that measures the age of the attempt.</param>
    /// <param name="clock">The clock that the nonce is made from.</param>
    public WriteAttempt(Repository repository, RepositoryRow? read, bool renews, TimeProvider time, ServiceClock clock)
    {
        (_time, _start, _startedAt) = (time, time.GetTimestamp(), time.GetUtcNow());
        Nonce = Postings.Nonce.New(clock.Latest);
        Read = read;
        Row = RepositoryRow.Over(repository, read, Nonce, renews);
        Fresh = [.. Row.PostingsWithout(read)];
        Stale = [.. read?.PostingsWithout(Row) ?? []];
    }

    public string Nonce { get; }

    /// <summary>The row that is replaced, or null.</summary>
    public RepositoryRow? Read { get; }

    /// <summary>The row to write.</summary>
    public RepositoryRow Row { get; }

    /// <summary>The postings that must exist before the row is written.</summary>
    public IReadOnlyList<Posting> Fresh { get; }

    /// <summary>The postings that no longer count after the row is written.</summary>
    public IReadOnlyList<Posting> Stale { get; }

    /// <summary>
    /// Whether the attempt is too old, by the monotonic clock or by the other clock, because the monotonic clock stops in a suspended machine.
    /// </summary>
    public bool IsTooOld => _time.GetElapsedTime(_start) > Limit || _time.GetUtcNow() - _startedAt > Limit;

    public UpsertOutcome Outcome => Row.Repository.WriteOver(Read?.Repository).Outcome;
}
