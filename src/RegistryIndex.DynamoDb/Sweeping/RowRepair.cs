using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Sweeping;

/// <summary>
/// Gives new postings to rows that do not have exactly the postings that they require. A predecessor that continues to write after the adoption
/// does not know of postings: it adds rows without postings, and changes descriptions without changing their postings.
/// </summary>
internal sealed class RowRepair(RequestSender sender, TableNames tables, DynamoDbStore store, RepositoryWriter writer, TimeSpan grace, bool isDryRun)
{
    private const int AtOnce = 128;

    // A scan may miss postings that are younger than this. The limit is computed before anything is scanned.
    private readonly DateTimeOffset _limit = store.Clock.Earliest - grace;

    /// <summary>How many rows were repaired, or would be in a dry run.</summary>
    public long Count { get; private set; }

    /// <summary>Writes the postings of rows that have none.</summary>
    public Task AdoptAsync(IEnumerable<RepositoryRow> rows) =>
        RepairAsync(rows.Where(row => !row.IsAdopted), row => writer.AdoptAsync(row.Name));

    /// <summary>Reads all rows again, and gives new postings to those whose postings are not the required ones.</summary>
    public async Task RenewAsync(ExpectedPostings expected, CancellationToken cancellationToken)
    {
        if (!expected.IsAnyWrong)
            return;
        await foreach (var page in sender.ScanRowPagesAsync(store.Log, tables.Repository, consistent: false, after: null, limit: null, cancellationToken).ConfigureAwait(false))
            await RepairAsync(page.Rows.Where(row => expected.IsWrong(row, _limit)), writer.RenewAsync).ConfigureAwait(false);
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
