using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Adoption;

/// <summary>
/// Gives every row of the repository table its postings: the rows that a predecessor wrote, and all rows when one of the tables is new or
/// restored. A lease admits one process at a time. After a crash, the next process resumes the work.
/// </summary>
internal sealed partial class Adopter(
    IRegistryIndex index, RequestSender sender, TableNames tables, FoundTables found, TimeProvider time, TimeSpan lease, ILogger logger)
{
    private const int PageSize = 250;
    private const int AtOnce = 128;

    private readonly IndexWork _work = new(index, MarkOf(found), lease, time);
    private volatile bool _isComplete;
    private long _rows;

    /// <summary>Whether every row has its postings. A positive answer is kept.</summary>
    public async ValueTask<bool> IsCompleteAsync(CancellationToken cancellationToken) =>
        _isComplete || (_isComplete = await _work.GetStateAsync(cancellationToken).ConfigureAwait(false) == WorkState.Done);

    /// <summary>Does the remaining work, unless another process is doing it.</summary>
    /// <param name="again">Whether to repeat work that is complete.</param>
    /// <param name="progress">Receives the number of processed rows after each page.</param>
    /// <param name="cancellationToken">Stops the work; the next call resumes it.</param>
    /// <returns>The number of processed rows; null when another process is doing the work.</returns>
    /// <exception cref="OperationCanceledException">The call was cancelled, or another process has taken over the work.</exception>
    public async Task<long?> TryRunAsync(bool again, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var taken = await _work.TryTakeAsync(again, cancellationToken).ConfigureAwait(false);
        if (taken is null)
            return null;
        await using (taken.ConfigureAwait(false))
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, taken.Lost);
            var rows = await RunAsync(taken, progress, ended.Token).ConfigureAwait(false);
            await taken.CompleteAsync(ended.Token).ConfigureAwait(false);
            _isComplete = true;
            progress?.Report(rows);
            Adopted(logger, rows);
            return rows;
        }
    }

    /// <summary>Repeats all of the work. Waits until the lease of a crashed process expires; fails if another process keeps the lease.</summary>
    public async Task<long> RebuildAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await TryRunAsync(again: true, progress, cancellationToken).ConfigureAwait(false) is { } rows)
                return rows;
            if (time.GetElapsedTime(start) > lease * 2)
                throw new RegistryIndexException(DynamoDbProvider.Name, "rebuild", "another process is writing the postings of the rows; try again later.", mayRetry: true);
            await Task.Delay(lease / 10, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<long> RunAsync(IndexLease taken, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var store = new DynamoDbStore(sender, tables, "adopt", written: null, cancellationToken, isBulk: true); // no description changes
        var writer = new RepositoryWriter(store, time, logger);
        // Rows that this process handled before an interruption are included in the count.
        var rows = taken.Progress is null ? 0 : Interlocked.Read(ref _rows);
        await foreach (var page in sender.ScanRowPagesAsync(store.Log, tables.Repository, consistent: true, taken.Progress, PageSize, cancellationToken).ConfigureAwait(false))
        {
            using var workers = new Workers(AtOnce);
            try
            {
                foreach (var row in page.Rows)
                {
                    store.ReadAhead(row);
                    await workers.StartAsync(row.Name, () => writer.AdoptAsync(row.Name), cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                await workers.DrainAsync().ConfigureAwait(false);
            }

            workers.ThrowIfFailed();
            rows += page.Rows.Count;
            Interlocked.Exchange(ref _rows, rows);
            if (page.Last is null)
                continue; // reported when the work is marked as done: a caller that waits for the first report may rely on the mark
            await taken.CheckpointAsync(page.Last, cancellationToken).ConfigureAwait(false);
            progress?.Report(rows);
        }

        return rows;
    }

    /// <summary>
    /// The mark of the adoption of these tables. A new or restored table changes the mark, so the adoption starts from the beginning.
    /// </summary>
    // A mark's name consists of letters. These letters encode a digest of the layout and the ids of the tables.
    public static string MarkOf(FoundTables found)
    {
        var identity = SHA256.HashData(Encoding.UTF8.GetBytes($"{PostingKey.Layout} {FoundTables.IdOf(found.Search)} {FoundTables.IdOf(found.Repository)}"));
        return "adoption-" + string.Concat(identity.Take(12).Select(value => $"{(char)('a' + (value >> 4))}{(char)('a' + (value & 15))}"));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "All rows of the repository table have their postings; this process wrote those of {Rows} rows.")]
    private static partial void Adopted(ILogger logger, long rows);
}
