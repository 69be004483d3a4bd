using RegistryIndex.Migration.Moving;
using RegistryIndex.Migration.Replication;

namespace RegistryIndex.Migration;

/// <summary>What a migration did.</summary>
/// <param name="Result">What was done with the repositories of the source, of this run.</param>
/// <param name="Repeated">How many of them were written while they were moved, and brought again one by one.</param>
/// <param name="Deleted">How many of the target were deleted because the source does not have them.</param>
public sealed record MigrationResult(ImportResult Result, long Repeated, long Deleted);

/// <summary>
/// Moves everything from one index to another: batches are imported, a few at a time, while the next is read, and the target
/// remembers up to where all is moved. May be killed at any moment and started again.
/// </summary>
/// <remarks>
/// The source may be written meanwhile, as long as a mirror brings each change to the target, too. A batch is old when it is
/// imported, and may overwrite what a mirror brought in between. So where mirrors write to the target, each batch is read a second
/// time after it was imported, and what the source no longer says as it was imported is brought by <see cref="RepositoryReplication"/>,
/// whose argument then holds for the import as well: it is one more writer that reads the source again after its write. Where
/// there is no <see cref="MirrorMark"/> after the import, whatever a mirror writes comes later, and there is nothing to read again.
/// </remarks>
/// <param name="source">What is read.</param>
/// <param name="target">What is written.</param>
/// <param name="mark">What the target remembers (<see cref="MigrationMark.TakeAsync"/>).</param>
public sealed class IndexMigration(MigrationEndpoint source, IRegistryIndex target, MigrationMark mark)
{
    // The next one does again what this one could not remember, which is little: an interrupted command must end.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    /// <summary>What suits a target whose provider has no wish.</summary>
    public static IImportPreference DefaultPreference { get; } = new NoPreference();

    private readonly Lock _gate = new();
    private ImportResult _result = ImportResult.None;
    private long _repeated;

    /// <summary>How the target is filled soonest; the defaults of <see cref="IImportPreference"/> unless set.</summary>
    public IImportPreference Preference { get; init; } = DefaultPreference;

    /// <summary>Told of each repository that the target refuses and why, one call at a time.</summary>
    public Action<RefusedRepository>? Refused { get; init; }

    /// <summary>Told how far the migration is.</summary>
    public IProgress<ImportResult>? Progress { get; init; }

    /// <summary>Up to where all is moved.</summary>
    public MigrationPosition Position { get; private set; } = mark.Position;

    /// <summary>Moves everything, or what is left of it.</summary>
    /// <param name="delete">Whether to delete from the target, in the end, what the source does not have.</param>
    /// <param name="cancellationToken">Cancels the migration; what was moved stays, and the next one goes on.</param>
    /// <exception cref="RegistryIndexException">One of the two failed, or another migration has taken over; what was moved stays.</exception>
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
            // Also when something failed: what was begun is finished before anybody hears of it.
            await Task.WhenAll(underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Moves a batch, and remembers it in the order of the source, so that everything up to the mark's position is moved.</summary>
    private async Task MoveInTurnAsync(Repository[] batch, string? after, Task earlier, CancellationToken cancellationToken)
    {
        await Task.Yield(); // a store may work on the caller's thread: reading on, or the batch before this one, would wait for it
        var refused = await MoveAsync(batch, after, cancellationToken);
        await earlier;
        Position = Position with { Refused = Position.Refused + refused, After = batch[^1].Name, Moved = Position.Moved + batch.Length };
        await mark.RememberAsync(Position, cancellationToken);
    }

    /// <returns>How many of the batch the target refused.</returns>
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
            Progress = new Told(Count),
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

    /// <summary>Reads the batch again, and brings what the source no longer says so.</summary>
    private async Task ConfirmAsync(Repository[] batch, HashSet<string> refused, string? after, CancellationToken cancellationToken)
    {
        var unconfirmed = batch.Where(repository => !refused.Contains(repository.Name)).ToDictionary(repository => repository.Name, StringComparer.Ordinal);
        // What came in between makes the batch longer; what is not met again within some more is asked for by name.
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

    // Nothing is deleted because a list came out empty: each name is asked for, and a source without any is no source.
    private async Task<long> DeleteAsync(CancellationToken cancellationToken)
    {
        var deleted = 0L;
        if (!await source.Index.ScanAsync(null, 1, cancellationToken).AnyAsync(cancellationToken))
            throw new RegistryIndexException(source.Index.Provider, "migrate", $"the source {source.Location} holds nothing, so nothing is deleted from the target; name the right source.", mayRetry: false);
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

    private sealed class Told(Action<ImportResult> report) : IProgress<ImportResult>
    {
        public void Report(ImportResult value) => report(value);
    }
}
