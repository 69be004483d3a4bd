using Microsoft.Extensions.Logging;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization.Refreshing;
using RegistryIndex.Synchronization.Syncing;

namespace RegistryIndex.Synchronization.Loading;

/// <summary>
/// Loads the content of a registry's storage into the index. A load only adds: it deletes nothing, and a repository keeps its description
/// where its image has none.
/// </summary>
internal sealed partial class Loader(IRegistryIndex index, IRegistryStorage storage, SyncLogMark log, ILogger<Loader> logger) : IRegistryLoader
{
    // After a crash, at most one portion is loaded again.
    private const int PortionSize = 1_000;

    public async Task<LoadProgress> LoadAsync(IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        await using var lease = await new IndexWork(index, IRegistryLoader.WorkName).TryTakeAsync(cancellationToken: cancellationToken);
        var done = await LoadAsync(after: null, (soFar, _) =>
        {
            progress?.Report(soFar);
            return Task.CompletedTask;
        }, cancellationToken);
        try
        {
            if (lease is not null)
                await lease.CompleteAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (lease!.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Another process has taken the load over and completes it.
        }

        return done;
    }

    /// <summary>Loads a part.</summary>
    /// <param name="after">The position that an earlier load reached.</param>
    /// <param name="stored">Receives the progress each time a portion is stored, and the position to continue after; null for the position
    /// where the load began.</param>
    /// <param name="cancellationToken">Cancels the load; what was stored stays.</param>
    public async Task<LoadProgress> LoadAsync(string? after, Func<LoadProgress, string?, Task> stored, CancellationToken cancellationToken)
    {
        var (result, unreadable) = (ImportResult.None, 0L);
        var unread = after is null ? null : (await log.ReadAsync(cancellationToken)).Unread;
        Func<string, CancellationToken, Task<Repository?>>? known = await index.ListAsync(null, 1, cancellationToken).AnyAsync(cancellationToken) ? KnownPushTimes.Of(index) : null;
        await foreach (var portion in storage.ReadAsync(after, known, cancellationToken).InPortionsAsync(PortionSize, cancellationToken))
        {
            foreach (var repository in portion.Where(repository => repository.Problem is not null))
            {
                unreadable++;
                LogUnreadable(logger, RepositoryName.Shown(repository.Repository.Name), repository.Problem!);
            }

            var certain = await portion.Where(repository => repository.IsCertain).ToAsyncEnumerable()
                .Select(async (repository, token) => await index.WithoutDoubtAsync(repository, token)).ToListAsync(cancellationToken);
            result += await index.ImportAsync(
                certain.ToAsyncEnumerable(),
                new ImportOptions { KeepDescriptions = true, Refused = refused => LogRefused(logger, refused.Reason) },
                cancellationToken);
            unread = UnreadPlaces.Add(unread, portion);
            if (unread is not null)
                await log.NoteAsync(unread, cancellationToken);

            // The next load tries again what could not be read.
            after = portion.LastOrDefault(repository => repository.IsCertain)?.Position ?? after;
            await stored(new(result, unreadable), after);
        }

        await log.NoteAsync(unread, cancellationToken);

        return new(result, unreadable);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Repository}: {Problem}")]
    private static partial void LogUnreadable(ILogger logger, string repository, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not loaded: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
