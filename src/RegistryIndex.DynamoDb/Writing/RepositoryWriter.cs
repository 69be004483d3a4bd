using Microsoft.Extensions.Logging;
using RegistryIndex.DynamoDb.Postings;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>
/// The write protocol. A writer writes the new postings first, under a nonce that no other write ever uses. Then it writes the row, on condition
/// that the stored row is still the one that was read. Then it deletes the postings that no longer belong to the row. A writer that stops at any
/// point leaves postings that belong to no row: searches do not show them, and a sweep removes them. The writer is cancelled with the store.
/// </summary>
internal sealed partial class RepositoryWriter(IIndexStore store, TimeProvider time, ILogger logger)
{
    // Each failed attempt means that another writer succeeded. More than this many in a row are no accident.
    private const int MostAttempts = 50;

    /// <summary>Adds a repository, or replaces the stored one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="write">Returns the repository to store, given the stored one. Called again if the stored one changes.</param>
    public Task<UpsertOutcome> UpsertAsync(string name, Func<Repository?, Repository> write)
    {
        // A predecessor's row gets its postings even if its content does not change.
        return WriteAsync("upsert", name, read => write(read?.Repository),
            (read, wanted) => read is { IsAdopted: true } && wanted?.HasContentOf(read.Repository) == true);
    }

    /// <summary>Ensures that a row has all its postings, and writes the existing ones again.</summary>
    public async Task AdoptAsync(string name)
    {
        var read = await store.ReadAsync(name).ConfigureAwait(false);
        if (read is { IsAdopted: true })
            await store.WritePostingsAsync([.. read.Postings]).ConfigureAwait(false);
        else if (read is not null)
            await WriteAsync("adopt", name, row => row?.Repository, (row, _) => row is null or { IsAdopted: true }).ConfigureAwait(false);
    }

    /// <summary>Replaces the postings of a row, which are not the required ones, unless the row has been written since it was read.</summary>
    public Task RenewAsync(RepositoryRow seen) =>
        WriteAsync("sweep", seen.Name, row => row?.Repository, (row, _) => row?.HasNoncesOf(seen) != true, renews: true);

    /// <summary>Removes a repository.</summary>
    /// <returns>Whether the repository existed.</returns>
    public async Task<bool> DeleteAsync(string name)
    {
        for (var attempts = 0; attempts < MostAttempts; attempts++)
        {
            var read = await store.ReadAsync(name).ConfigureAwait(false);
            if (read is null)
                return false;
            var removal = await store.TryRemoveAsync(read).ConfigureAwait(false);
            if (removal == Removal.Changed)
                continue;
            await CleanUpAsync([.. read.Postings], name).ConfigureAwait(false);
            return removal == Removal.Removed;
        }

        throw TooManyWriters("delete", name);
    }

    /// <summary>Repeats the attempt until the row is written or needs no write.</summary>
    private async Task<UpsertOutcome> WriteAsync(
        string operation, string name, Func<RepositoryRow?, Repository?> write, Func<RepositoryRow?, Repository?, bool> isDone, bool renews = false)
    {
        List<WriteAttempt> unanswered = [];
        WriteAttempt? late = null;
        UpsertOutcome? outcome = null;
        for (var attempts = 0; attempts < MostAttempts; attempts++)
        {
            var read = await store.ReadAsync(name).ConfigureAwait(false);
            if (unanswered.Find(one => read?.HasNonce(one.Nonce) == true) is { } arrived)
            {
                // All postings of that attempt exist: an attempt without an answer never deletes its postings.
                await CleanUpAsync(arrived.Stale, name).ConfigureAwait(false);
                outcome ??= arrived.Outcome;
                if (!arrived.IsTooOld)
                    return outcome.Value;
                late = arrived;
            }

            // A late write gets new postings but is never repeated, because another writer may have changed or removed the row since.
            if (outcome is { } done && read?.HasNonce(late!.Nonce) != true)
                return done;
            var wanted = late is null ? write(read) : read?.Repository;
            if (wanted is null || (late is null && isDone(read, wanted)))
                return UpsertOutcome.Unchanged;
            var attempt = new WriteAttempt(wanted, read, renews || late is not null, time, store.Clock);
            await store.WritePostingsAsync(attempt.Fresh).ConfigureAwait(false);
            var result = await store.TryPutAsync(attempt.Row, read, () => attempt.IsTooOld).ConfigureAwait(false);
            if (result == PutResult.Unknown)
            {
                unanswered.Add(attempt);
                continue;
            }

            var isLate = attempt.IsTooOld;
            await CleanUpAsync(result == PutResult.Written ? attempt.Stale : attempt.Fresh, name).ConfigureAwait(false);
            if (result == PutResult.Written)
                outcome ??= attempt.Outcome;
            if (result == PutResult.Written && !isLate)
                return outcome!.Value;
            // A request that was delayed on its way may have lost its postings to a sweep. A sweep does not touch postings with a new nonce.
            if (result == PutResult.Written)
                late = attempt;
        }

        throw TooManyWriters(operation, name);
    }

    // Searches never show the postings that are left behind, so their removal does not make the write fail.
    private async Task CleanUpAsync(IReadOnlyList<Posting> postings, string name)
    {
        try
        {
            await store.DeletePostingsAsync(postings).ConfigureAwait(false);
        }
        catch (Exception error) when (error is RegistryIndexException or OperationCanceledException)
        {
            LeftBehind(logger, postings.Count, name, error);
        }
    }

    private static RegistryIndexException TooManyWriters(string operation, string name) =>
        new(DynamoDbProvider.Name, operation, $"other processes kept writing the repository '{name}' at the same time; try again later.", mayRetry: true);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Up to {Postings} obsolete postings of '{Repository}' remain; a sweep removes them.")]
    private static partial void LeftBehind(ILogger logger, int postings, string repository, Exception error);
}
