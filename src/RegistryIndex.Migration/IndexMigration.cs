using RegistryIndex.Migration.Moving;
using RegistryIndex.Migration.Replication;

namespace RegistryIndex.Migration;

/// <summary>The result of a migration.</summary>
/// <param name="Result">The result of this run for the repositories of the source.</param>
/// <param name="Repeated">The number of these that were written during the move and were therefore copied again one by one.</param>
/// <param name="Deleted">The number of repositories deleted from the target because the source does not have them.</param>
public sealed record MigrationResult(ImportResult Result, long Repeated, long Deleted);

/// <summary>
/// Moves all repositories from one index to another. It imports a few batches at a time while it reads the next, and the target
/// stores the position up to which everything is moved. A migration may be killed at any moment and started again.
/// </summary>
/// <remarks>
/// The source may be written meanwhile, as long as a mirror also writes each change to the target. A batch is already old when it is
/// imported, and may overwrite what a mirror has written since. Therefore, if mirrors write to the target, each batch is read again
/// after its import, and repositories that have changed in the source are copied by <see cref="RepositoryReplication"/>.
/// The argument given there then holds for the import too: it is one more writer that reads the source again after its write. If
/// there is no <see cref="MirrorMark"/> after the import, every write of a mirror comes later, and nothing needs to be read again.
/// </remarks>
/// <param name="source">The index to read.</param>
/// <param name="target">The index to write.</param>
/// <param name="mark">The position stored in the target (<see cref="MigrationMark.TakeAsync"/>).</param>
public sealed class IndexMigration(MigrationEndpoint source, IRegistryIndex target, MigrationMark mark)
{
    // An interrupted command must end. If the position cannot be stored in this time, the next run repeats a little work.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    /// <summary>The preference for a target whose provider has none.</summary>
    public static IImportPreference DefaultPreference { get; } = new NoPreference();

    private readonly Lock _gate = new();
    private ImportResult _result = ImportResult.None;
    private long _repeated;

    /// <summary>How to fill the target fastest; the defaults of <see cref="IImportPreference"/> unless set.</summary>
    public IImportPreference Preference { get; init; } = DefaultPreference;

    /// <summary>Called with each repository that the target refuses and the reason, one call at a time.</summary>
    public Action<RefusedRepository>? Refused { get; init; }

    /// <summary>Receives the progress of the migration.</summary>
    public IProgress<ImportResult>? Progress { get; init; }

    /// <summary>The position up to which everything is moved.</summary>
    public MigrationPosition Position { get; private set; } = mark.Position;

    /// <summary>Moves all repositories, or those that an earlier run has left.</summary>
    /// <param name="delete">Whether to delete at the end the repositories of the target that the source does not have.</param>
    /// <param name="cancellationToken">Cancels the migration. What was moved stays, and the next run continues.</param>
    /// <exception cref="RegistryIndexException">An index failed, or another migration has taken over. What was moved stays.</exception>
    public async Task<MigrationResult> RunAsync(bool delete, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        try
        {
            await MoveAllAsync(cancellationToken);
            if (delete)
                deleted = await DeleteAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await mark.TryWriteAsync(Position, LastPatience);
            throw;
        }

        await mark.WriteAsync(Position with { After = null, IsDone = true }, cancellationToken);
        return new(_result, _repeated, deleted);
    }

    private async Task MoveAllAsync(CancellationToken cancellationToken)
    {
        var portion = Preference.LeastBatch;
        var underWay = new Queue<Task>();
        var last = Task.CompletedTask;
        try
        {
            var after = mark.Position.After;
            await foreach (var batch in source.Index.ScanAsync(after, null, cancellationToken).ReadAheadAsync(portion, Math.Max(1, Preference.MostBatch / portion), cancellationToken))
            {
                last = MoveInTurnAsync(batch, after, last, cancellationToken);
                underWay.Enqueue(last);
                after = batch[^1].Name;
                if (underWay.Count >= Preference.ImportsAtOnce)
                    await underWay.Dequeue();
            }

            await last;
        }
        finally
        {
            // Also after a failure: running imports finish before the caller gets the error.
            await Task.WhenAll(underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Moves a batch and stores the position in the order of the source, so that everything up to the mark's position is moved.</summary>
    private async Task MoveInTurnAsync(Repository[] batch, string? after, Task earlier, CancellationToken cancellationToken)
    {
        await Task.Yield(); // a store may block the calling thread, and reading or the previous batch would wait for it
        var refused = await MoveAsync(batch, after, cancellationToken);
        await earlier;
        Position = Position with { Refused = Position.Refused + refused, After = batch[^1].Name, Moved = Position.Moved + batch.Length };
        await mark.RememberAsync(Position, cancellationToken);
    }

    /// <returns>The number of repositories of the batch that the target refused.</returns>
    private async Task<long> MoveAsync(Repository[] batch, string? after, CancellationToken cancellationToken)
    {
        var refused = new HashSet<string>(StringComparer.Ordinal);
        var counted = ImportResult.None;
        var options = new ImportOptions
        {
            Refused = one =>
            {
                refused.Add(one.Repository.Name);
                lock (_gate)
                    Refused?.Invoke(one);
            },
            Progress = new ImmediateProgress(Count),
        };
        Repository[] inOrder = [.. batch];
        if (Preference.IsNameOrderFaster)
            Array.Sort(inOrder, static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        Count(await target.ImportAsync(inOrder.ToAsyncEnumerable(), options, cancellationToken));
        if (await MirrorMark.IsSetAsync(target, cancellationToken))
            await ConfirmAsync(batch, refused, after, cancellationToken);
        return counted.Refused;

        void Count(ImportResult soFar)
        {
            lock (_gate)
            {
                _result += soFar - counted;
                counted = soFar;
                Progress?.Report(_result);
            }
        }
    }

    /// <summary>Reads the batch again and copies the repositories that have changed in the source.</summary>
    private async Task ConfirmAsync(Repository[] batch, HashSet<string> refused, string? after, CancellationToken cancellationToken)
    {
        var unconfirmed = batch.Where(repository => !refused.Contains(repository.Name)).ToDictionary(repository => repository.Name, StringComparer.Ordinal);
        // Repositories added meanwhile make the batch longer. Those not found again within a margin are read by name.
        var again = source.Index.ScanAsync(after, batch.Length + (batch.Length / 10) + 10, cancellationToken);
        await foreach (var repository in again.WithCancellation(cancellationToken))
        {
            if (unconfirmed.TryGetValue(repository.Name, out var moved) && moved == repository)
                unconfirmed.Remove(repository.Name);
            if (unconfirmed.Count == 0)
                return;
        }

        await Parallel.ForEachAsync(unconfirmed.Keys, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (name, cancelled) =>
        {
            if (await BringAsync(name, cancelled))
                Interlocked.Increment(ref _repeated);
        });
    }

    // An empty list alone deletes nothing: each name is read, and a source without any repository is refused.
    private async Task<long> DeleteAsync(CancellationToken cancellationToken)
    {
        var deleted = 0L;
        if (!await source.Index.ScanAsync(null, 1, cancellationToken).AnyAsync(cancellationToken))
            throw new RegistryIndexException(source.Index.Provider, "migrate", $"the source {source.Location} is empty, so nothing is deleted from the target; name the right source.", mayRetry: false);
        await foreach (var difference in new IndexComparison(source.Index, target, TimeProvider.System).FindAsync(cancellationToken))
        {
            if (difference.From is null && await BringAsync(difference.Name, cancellationToken))
                deleted++;
        }

        return deleted;
    }

    private async Task<bool> BringAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await RepositoryReplication.ReplicateAsync(source.Index, target, name, cancellationToken);
        }
        catch (ArgumentException error)
        {
            lock (_gate)
            {
                _result += new ImportResult { Refused = 1 };
                Refused?.Invoke(new(new(name), error.Message));
            }

            return false;
        }
    }

    private sealed class NoPreference : IImportPreference;

    private sealed class ImmediateProgress(Action<ImportResult> report) : IProgress<ImportResult>
    {
        public void Report(ImportResult value) => report(value);
    }
}
