using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Sweeping;

/// <summary>
/// Removes the postings that crashes left behind. A posting is removed when it does not belong to its row, read consistently, and its write
/// attempt is so old, by the store's clock, that no row can refer to it later.
/// </summary>
internal sealed class Sweeper(IIndexStore store, TimeSpan grace)
{
    /// <summary>Finds, among some postings, those that belong to no row and never will.</summary>
    public async Task<IReadOnlyList<Orphan>> FindOrphansAsync(IReadOnlyCollection<Posting> suspects)
    {
        // Computed before the rows are read, because an attempt that is too old at this time can no longer write its row.
        var limit = store.Clock.Earliest - grace;
        var old = suspects.Where(posting => Nonce.TimeOf(posting.Nonce) < limit).ToLookup(posting => posting.Name, StringComparer.Ordinal);
        var orphans = await Task.WhenAll(old.Select(async ofName =>
        {
            var row = await store.ReadAsync(ofName.Key).ConfigureAwait(false);
            return ofName.Where(posting => row?.Owns(posting) != true).Select(posting => new Orphan(posting, IsReplaced: row is { IsAdopted: true }));
        })).ConfigureAwait(false);
        return [.. orphans.SelectMany(some => some)];
    }

    /// <summary>Deletes the orphans among some postings.</summary>
    public async Task<int> SweepAsync(IReadOnlyCollection<Posting> suspects)
    {
        var orphans = await FindOrphansAsync(suspects).ConfigureAwait(false);
        await store.DeletePostingsAsync([.. orphans.Select(orphan => orphan.Posting)]).ConfigureAwait(false);
        return orphans.Count;
    }
}

/// <summary>A posting that belongs to no row.</summary>
/// <param name="Posting">The posting.</param>
/// <param name="IsReplaced">Whether the repository exists and has other postings.</param>
internal readonly record struct Orphan(Posting Posting, bool IsReplaced);
