using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Sweeping;

/// <summary>Reads both tables for a sweep: the first pass counts the orphans, and the second removes them. Rows without postings get them.</summary>
internal sealed class TableSweep(RequestSender sender, TableNames tables, DynamoDbStore store, Sweeper sweeper, RowRepair repair)
{
    // The number of orphans that are kept in memory. If there are more, the table is read again.
    private const int MostKept = 50_000;
    private const int AtOnce = 1_000;

    /// <param name="isAdopted">Whether every row has its postings, so that the postings of a former layout are no longer needed.</param>
    /// <param name="dryRun">Whether to count without removing anything.</param>
    /// <param name="force">Whether to remove any share of the postings.</param>
    /// <param name="progress">Receives the result so far after each portion.</param>
    /// <param name="cancellationToken">Cancels the sweep.</param>
    public async Task<SweepResult> RunAsync(bool isAdopted, bool dryRun, bool force, IProgress<SweepResult>? progress, CancellationToken cancellationToken)
    {
        var expected = await ReadRowsAsync(isAdopted, cancellationToken).ConfigureAwait(false);
        var (brake, kept) = (new SweepBrake(), new List<Posting>());
        var (postings, orphans, former) = (0L, 0L, 0L);
        await foreach (var items in ScanAsync(cancellationToken).ConfigureAwait(false))
        {
            var some = PostingsIn(items);
            some.ForEach(expected.Meet);
            var found = await sweeper.FindOrphansAsync(SuspectsIn(some, expected)).ConfigureAwait(false);
            brake.Count(found);
            (postings, orphans) = (postings + some.Count, orphans + found.Count);
            if (orphans <= MostKept)
                kept.AddRange(found.Select(orphan => orphan.Posting));
            var old = isAdopted ? items.FindAll(item => PostingKey.IsFormer(item[Posting.PartitionAttribute].S)) : [];
            if (!dryRun)
                await store.DeleteFromSearchAsync(old.Select(Posting.KeyOf)).ConfigureAwait(false);
            former += old.Count;
            progress?.Report(Result());
        }

        if (isAdopted)
            await repair.RenewAsync(expected, cancellationToken).ConfigureAwait(false);
        if (!force && brake.Holds(postings))
            return Result() with { Withheld = orphans };
        if (!dryRun && orphans > 0)
            orphans = await (orphans == kept.Count ? RemoveAsync(kept) : RemoveAllAsync(expected, cancellationToken)).ConfigureAwait(false);
        return Result();

        SweepResult Result() => new(postings + former, orphans + former, dryRun) { Repaired = repair.Count };
    }

    private async Task<long> RemoveAsync(List<Posting> orphans)
    {
        var removed = 0L;
        foreach (var some in orphans.Chunk(AtOnce))
            removed += await sweeper.SweepAsync(some).ConfigureAwait(false);
        return removed;
    }

    private async Task<long> RemoveAllAsync(ExpectedPostings expected, CancellationToken cancellationToken)
    {
        var removed = 0L;
        await foreach (var items in ScanAsync(cancellationToken).ConfigureAwait(false))
            removed += await sweeper.SweepAsync(SuspectsIn(PostingsIn(items), expected)).ConfigureAwait(false);
        return removed;
    }

    private async IAsyncEnumerable<List<Dictionary<string, AttributeValue>>> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Dictionary<string, AttributeValue>? position = null;
        do
        {
            var response = await sender.ScanAsync(store.Log, new ScanRequest { TableName = tables.Search, ExclusiveStartKey = position }, cancellationToken).ConfigureAwait(false);
            yield return response.Items ?? [];
            position = response.LastEvaluatedKey;
        }
        while (position is { Count: > 0 });
    }

    private static List<Posting> PostingsIn(List<Dictionary<string, AttributeValue>> items) => [.. items.Select(Posting.FromItem).OfType<Posting>()];

    private static List<Posting> SuspectsIn(List<Posting> postings, ExpectedPostings expected) => postings.FindAll(posting => !expected.Has(posting));

    private async Task<ExpectedPostings> ReadRowsAsync(bool isAdopted, CancellationToken cancellationToken)
    {
        var expected = new ExpectedPostings();
        await foreach (var page in sender.ScanRowPagesAsync(store.Log, tables.Repository, consistent: false, after: null, limit: null, cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in page.Rows)
                expected.Expect(row);
            if (isAdopted)
                await repair.AdoptAsync(page.Rows).ConfigureAwait(false);
        }

        return expected;
    }
}
