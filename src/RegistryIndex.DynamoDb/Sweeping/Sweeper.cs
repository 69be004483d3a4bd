using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Sweeping;

/// <summary>
/// Removes the postings that crashes left behind. A posting goes when its row, read consistently, does not speak for it
/// and its attempt is so old, by the clock of the store, that it can never come to speak for it.
/// </summary>
internal sealed class Sweeper(IIndexStore store, TimeSpan grace)
{
    /// <summary>Of some postings those that no row speaks for and none ever will.</summary>
    public async Task<IReadOnlyList<Orphan>> FindOrphansAsync(IReadOnlyCollection<Posting> suspects)
    {
        // Told before the rows are read: an attempt that is too old now cannot have become one in between.
        var limit = store.Clock.Earliest - grace;
        var old = suspects.Where(posting => Nonce.TimeOf(posting.Nonce) < limit).ToLookup(posting => posting.Name, StringComparer.Ordinal);
        var orphans = await Task.WhenAll(old.Select(async ofName =>
        {
            var row = await store.ReadAsync(ofName.Key).ConfigureAwait(false);
            return ofName.Where(posting => row?.SpeaksFor(posting) != true).Select(posting => new Orphan(posting, IsReplaced: row is { IsAdopted: true }));
        })).ConfigureAwait(false);
        return [.. orphans.SelectMany(some => some)];
    }

    /// <summary>Deletes those.</summary>
    public async Task<int> SweepAsync(IReadOnlyCollection<Posting> suspects)
    {
        var orphans = await FindOrphansAsync(suspects).ConfigureAwait(false);
        await store.DeletePostingsAsync([.. orphans.Select(orphan => orphan.Posting)]).ConfigureAwait(false);
        return orphans.Count;
    }
}

/// <summary>A posting that no row speaks for.</summary>
/// <param name="Posting">The posting.</param>
/// <param name="IsReplaced">Whether its repository is there and has other postings.</param>
internal readonly record struct Orphan(Posting Posting, bool IsReplaced);
