using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>
/// The operations that the write protocol needs of a store, for one call of the index. The store is cancelled with that call. The interface is
/// small on purpose: the code here, in <see cref="RepositoryWriter"/> and in the sweeper can be run step by step against a store in memory.
/// </summary>
internal interface IIndexStore
{
    /// <summary>The clock of the store.</summary>
    ServiceClock Clock { get; }

    /// <summary>Reads a row consistently.</summary>
    Task<RepositoryRow?> ReadAsync(string name);

    /// <summary>Writes all of the postings in any order, or throws.</summary>
    Task WritePostingsAsync(IReadOnlyList<Posting> postings);

    /// <summary>Writes the row in one step if the stored row is still the one that was read. Sends the write at most once.</summary>
    /// <param name="row">The new row. A description that equals the one that was read is left as it is stored.</param>
    /// <param name="read">The row that was read; null if there was none.</param>
    /// <param name="isTooOld">
    /// Returns whether the attempt has become too old to be sent. Called immediately before the request is sent, when nothing is left to wait for.
    /// </param>
    Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld);

    /// <summary>Removes the row in one step if the stored row is still the one that was read.</summary>
    Task<Removal> TryRemoveAsync(RepositoryRow read);

    /// <summary>Deletes all of the postings, whether they exist or not, in any order, or throws.</summary>
    Task DeletePostingsAsync(IReadOnlyList<Posting> postings);
}

/// <summary>The result of a conditional write of a row.</summary>
internal enum PutResult
{
    /// <summary>The row is written.</summary>
    Written,

    /// <summary>The stored row is another one, or the attempt is too old. Nothing was written, and nothing will be.</summary>
    Refused,

    /// <summary>
    /// There was no answer: the row may have been written, or may still be. The same write must not be sent again: if there was no row before,
    /// another process could have removed this row and its postings in between.
    /// </summary>
    Unknown,
}

/// <summary>The result of a conditional removal.</summary>
internal enum Removal
{
    /// <summary>The row was removed.</summary>
    Removed,

    /// <summary>The row does not exist any more, because another writer removed it.</summary>
    AlreadyGone,

    /// <summary>Another writer has written the row since it was read.</summary>
    Changed,
}
