using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Sweeping;

/// <summary>
/// Gives postings to the rows of which a sweep finds that they have not just those that they call for. A predecessor that goes on writing
/// after the adoption knows of none: it puts rows that have none, and changes descriptions below those that are there.
/// </summary>
internal sealed class RowRepair(RequestSender sender, TableNames tables, DynamoDbStore store, RepositoryWriter writer, TimeSpan grace, bool isDryRun)
{
    private const int AtOnce = 128;

    // Of what is younger not all need be seen by a scan; told before anything is scanned.
    private readonly DateTimeOffset _limit = store.Clock.Earliest - grace;

    /// <summary>How many rows were repaired, or are to be.</summary>
    public long Count { get; private set; }

    /// <summary>Gives rows that have no postings theirs.</summary>
    public Task AdoptAsync(IEnumerable<RepositoryRow> rows) =>
        RepairAsync(rows.Where(row => !row.IsAdopted), row => writer.AdoptAsync(row.Name));

    /// <summary>Reads all rows again, and gives new postings to those that have others than they call for.</summary>
    public async Task RenewAsync(ExpectedPostings expected, CancellationToken cancellationToken)
    {
        if (!expected.IsAnyWrong)
            return;
        await foreach (var page in sender.ScanRowPagesAsync(store.Log, tables.Repository, consistent: false, after: null, limit: null, cancellationToken).ConfigureAwait(false))
            await RepairAsync(page.Rows.Where(row => row.IsOlderThan(_limit) && expected.IsWrong(row)), writer.RenewAsync).ConfigureAwait(false);
    }

    private async Task RepairAsync(IEnumerable<RepositoryRow> rows, Func<RepositoryRow, Task> repair)
    {
        foreach (var some in rows.Chunk(AtOnce))
        {
            if (!isDryRun)
                await Task.WhenAll(some.Select(repair)).ConfigureAwait(false);
            Count += some.Length;
        }
    }
}
