using Microsoft.Extensions.Logging;
using RegistryIndex.DynamoDb.Postings;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>
/// The write protocol. New postings first, under a nonce that nobody else ever uses; then the row, on condition that it
/// still is what was read; then the postings that the row no longer speaks for. Whoever stops anywhere leaves postings
/// that no row speaks for: a search does not show them, and a sweep removes them. Cancelled with the store.
/// </summary>
internal sealed partial class RepositoryWriter(IIndexStore store, TimeProvider time, ILogger logger)
{
    // Each failure means that another writer got through; more than this many in a row is no accident.
    private const int MostAttempts = 50;

    /// <summary>Adds a repository or replaces its description.</summary>
    /// <param name="name">The name.</param>
    /// <param name="describe">Says what the description should be, given what is there; asked again when that changes.</param>
    public Task<UpsertOutcome> UpsertAsync(string name, Func<Repository?, string?> describe)
    {
        // A predecessor's row is given its postings even where the description stays.
        return WriteAsync("upsert", name, read => describe(read?.Repository),
            (read, description) => read is { IsAdopted: true } && read.Description == description);
    }

    /// <summary>Makes sure that a row has all its postings, whoever wrote it; those it should have already are written again.</summary>
    public async Task AdoptAsync(string name)
    {
        var read = await store.ReadAsync(name).ConfigureAwait(false);
        if (read is { IsAdopted: true })
            await store.WritePostingsAsync([.. read.Postings]).ConfigureAwait(false);
        else if (read is not null)
            await WriteAsync("adopt", name, row => row?.Description, (row, _) => row is null or { IsAdopted: true }).ConfigureAwait(false);
    }

    /// <summary>Gives a row new postings in place of those that it has, which are not what it calls for; unless it has been written since it was read.</summary>
    public Task RenewAsync(RepositoryRow seen) =>
        WriteAsync("sweep", seen.Name, row => row?.Description, (row, _) => row is null || row.Nonce != seen.Nonce || row.NameNonce != seen.NameNonce, renewsName: true);

    /// <summary>Removes a repository.</summary>
    /// <returns>Whether there was one.</returns>
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

    /// <summary>Attempts until the row is written, or need not be.</summary>
    private async Task<UpsertOutcome> WriteAsync(
        string operation, string name, Func<RepositoryRow?, string?> describe, Func<RepositoryRow?, string?, bool> isDone, bool renewsName = false)
    {
        List<WriteAttempt> unanswered = [];
        WriteAttempt? late = null;
        UpsertOutcome? outcome = null;
        for (var attempts = 0; attempts < MostAttempts; attempts++)
        {
            var read = await store.ReadAsync(name).ConfigureAwait(false);
            if (unanswered.Find(one => read?.SpeaksFor(one.Nonce) == true) is { } arrived)
            {
                // Its postings are all there: an attempt without an answer never takes them back.
                await CleanUpAsync(arrived.Stale, name).ConfigureAwait(false);
                outcome ??= arrived.Outcome;
                if (!arrived.IsTooOld)
                    return outcome.Value;
                late = arrived;
            }

            // What came late is given postings anew, never written again: others may have changed or removed it since.
            if (outcome is { } done && read?.SpeaksFor(late!.Nonce) != true)
                return done;
            var description = late is null ? describe(read) : read?.Description;
            if (late is null && isDone(read, description))
                return UpsertOutcome.Unchanged;
            var attempt = new WriteAttempt(name, description, read, renewsName || late is not null, time, store.Clock);
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
            // Held up on the way to the store, it may have lost postings to a sweep. A new nonce is out of the sweep's reach.
            if (result == PutResult.Written)
                late = attempt;
        }

        throw TooManyWriters(operation, name);
    }

    // What is left behind is never shown, so the write itself is not held to have failed.
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
        new(DynamoDbBackend.Name, operation, $"others kept writing the repository '{name}' at the same time; try again later.", mayRetry: true);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Up to {Postings} postings of '{Repository}' that no longer count were left behind; a sweep removes them.")]
    private static partial void LeftBehind(ILogger logger, int postings, string repository, Exception error);
}
