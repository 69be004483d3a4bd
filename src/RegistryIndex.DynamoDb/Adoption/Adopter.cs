using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Adoption;

/// <summary>
/// Gives every row of the repository table its postings: those that a predecessor wrote, and all of them where one of the
/// tables is new or restored. One process at a time, by a lease; the next process resumes what a crash interrupts.
/// </summary>
internal sealed partial class Adopter(
    IRegistryIndex index, RequestSender sender, TableNames tables, FoundTables found, TimeProvider time, TimeSpan lease, ILogger logger)
{
    private const int PageSize = 250;
    private const int AtOnce = 128;

    private readonly IndexWork _work = new(index, MarkOf(found), lease, time);
    private volatile bool _isComplete;
    private long _rows;

    /// <summary>Whether every row has its postings. Once it is so it is remembered.</summary>
    public async ValueTask<bool> IsCompleteAsync(CancellationToken cancellationToken) =>
        _isComplete || (_isComplete = await _work.GetStateAsync(cancellationToken).ConfigureAwait(false) == WorkState.Done);

    /// <summary>Does the work, or what is left of it, unless somebody else is at it.</summary>
    /// <param name="again">Whether to do it although it has been done.</param>
    /// <param name="progress">Told how many rows have been dealt with, after each page.</param>
    /// <param name="cancellationToken">Puts the work down.</param>
    /// <returns>How many rows were dealt with; null when somebody else is at it.</returns>
    /// <exception cref="OperationCanceledException">Cancelled, or somebody else has taken the work over.</exception>
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

    /// <summary>Does it all again; waits for a process that has crashed at it, and refuses while one is at it.</summary>
    public async Task<long> RebuildAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await TryRunAsync(again: true, progress, cancellationToken).ConfigureAwait(false) is { } rows)
                return rows;
            if (time.GetElapsedTime(start) > lease * 2)
                throw new RegistryIndexException(DynamoDbBackend.Name, "rebuild", "another process is giving the rows their postings at the moment; try again later.", mayRetry: true);
            await Task.Delay(lease / 10, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<long> RunAsync(IndexLease taken, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var store = new DynamoDbStore(sender, tables, "adopt", written: null, cancellationToken, isBulk: true); // no description changes
        var writer = new RepositoryWriter(store, time, logger);
        // What this process did before it put the work down counts: it is one work.
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
                continue; // reported when the work is marked as done: whoever waits for the first report may rely on it
            await taken.CheckpointAsync(page.Last, cancellationToken).ConfigureAwait(false);
            progress?.Report(rows);
        }

        return rows;
    }

    /// <summary>The adoption of each pair of tables has a mark of its own, so that one which is new or restored starts anew.</summary>
    // Names of marks are letters only; so are these, of a digest of what tells one layout, and tables from others of the same names.
    public static string MarkOf(FoundTables found)
    {
        var identity = SHA256.HashData(Encoding.UTF8.GetBytes($"{PostingKey.Layout} {FoundTables.IdOf(found.Search)} {FoundTables.IdOf(found.Repository)}"));
        return "adoption-" + string.Concat(identity.Take(12).Select(value => $"{(char)('a' + (value >> 4))}{(char)('a' + (value & 15))}"));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Every row of the repository table has its postings; {Rows} were dealt with just now.")]
    private static partial void Adopted(ILogger logger, long rows);
}
