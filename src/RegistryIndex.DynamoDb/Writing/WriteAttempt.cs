using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>One attempt to write a repository: its nonce, what it writes, and how long it may go on.</summary>
internal sealed class WriteAttempt
{
    /// <summary>
    /// An attempt older than this gives up, because a sweeper takes the postings of attempts that are much older for
    /// orphans.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly DateTimeOffset _startedAt;

    /// <param name="name">The repository.</param>
    /// <param name="description">Its new description.</param>
    /// <param name="read">The row that is replaced, or null.</param>
    /// <param name="renewsName">Whether the postings of the name are written anew although there should be some.</param>
    /// <param name="time">The clock that tells how long it goes on.</param>
    /// <param name="clock">The clock that its nonce is made by.</param>
    public WriteAttempt(string name, string? description, RepositoryRow? read, bool renewsName, TimeProvider time, ServiceClock clock)
    {
        (_time, _start, _startedAt) = (time, time.GetTimestamp(), time.GetUtcNow());
        Nonce = Postings.Nonce.New(clock.Latest);
        Read = read;
        var keptNonce = renewsName ? null : read?.NameNonce;
        Row = new RepositoryRow(name, description, keptNonce ?? Nonce, Nonce);
        Fresh = [.. keptNonce is null ? PostingSet.OfName(name, Nonce) : [], .. PostingSet.OfDescription(name, Row.Description, Nonce)];
        Stale =
        [
            .. read?.NameNonce is { } oldName && oldName != keptNonce ? PostingSet.OfName(name, oldName) : [],
            .. read?.Nonce is { } old ? PostingSet.OfDescription(name, read.Description, old) : [],
        ];
    }

    public string Nonce { get; }

    /// <summary>The row that is replaced, or null.</summary>
    public RepositoryRow? Read { get; }

    /// <summary>The row to write.</summary>
    public RepositoryRow Row { get; }

    /// <summary>The postings that must be there before the row.</summary>
    public IReadOnlyList<Posting> Fresh { get; }

    /// <summary>The postings that count no more after it.</summary>
    public IReadOnlyList<Posting> Stale { get; }

    /// <summary>Told by the monotonic clock, and by the other one too, because the first stands still in a suspended machine.</summary>
    public bool IsTooOld => _time.GetElapsedTime(_start) > Limit || _time.GetUtcNow() - _startedAt > Limit;

    public UpsertOutcome Outcome => Row.Repository.WriteOver(Read?.Repository).Outcome;
}
