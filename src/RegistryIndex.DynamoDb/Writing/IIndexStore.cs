using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>
/// All that the write protocol needs of a store, for one call of the index, which a store is cancelled with. Small on purpose: what is written here and in <see cref="RepositoryWriter"/>
/// and the sweeper can be run step by step against a store in memory.
/// </summary>
internal interface IIndexStore
{
    /// <summary>What time it is at the store.</summary>
    ServiceClock Clock { get; }

    /// <summary>Reads a row consistently.</summary>
    Task<RepositoryRow?> ReadAsync(string name);

    /// <summary>Writes all of the postings, or throws; in no order.</summary>
    Task WritePostingsAsync(IReadOnlyList<Posting> postings);

    /// <summary>Writes the row if the stored one still is what was read, in one step. Sends that at most once.</summary>
    /// <param name="row">The new row. A description that equals the one that was read is left as it is stored.</param>
    /// <param name="read">What was read; null when there was none.</param>
    /// <param name="isTooOld">
    /// Says whether the attempt has grown too old to be sent. Asked when nothing is left to wait for, right before the
    /// request goes out.
    /// </param>
    Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld);

    /// <summary>Removes the row if the stored one still is what was read, in one step.</summary>
    Task<Removal> TryRemoveAsync(RepositoryRow read);

    /// <summary>Deletes all of the postings, there or not, or throws; in no order.</summary>
    Task DeletePostingsAsync(IReadOnlyList<Posting> postings);
}

/// <summary>How a conditional write of a row ended.</summary>
internal enum PutResult
{
    /// <summary>The row is written.</summary>
    Written,

    /// <summary>The stored row was another one, or the attempt too old; nothing is written, and nothing will be.</summary>
    Refused,

    /// <summary>
    /// No answer came: it may have been done, it may still be. The same write must not be sent again: where there was no
    /// row, somebody could have removed this one, and its postings, in between.
    /// </summary>
    Unknown,
}

/// <summary>How a conditional removal ended.</summary>
internal enum Removal
{
    /// <summary>The row was removed.</summary>
    Removed,

    /// <summary>There is no row any more: somebody else removed it.</summary>
    AlreadyGone,

    /// <summary>Somebody has written it since it was read.</summary>
    Changed,
}
