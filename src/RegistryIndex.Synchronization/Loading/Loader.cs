using Microsoft.Extensions.Logging;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization.Refreshing;
using RegistryIndex.Synchronization.Syncing;

namespace RegistryIndex.Synchronization.Loading;

/// <summary>
/// Brings what a registry's storage holds into the index. It only adds: nothing is deleted, and a repository whose image
/// says no description keeps the one it has.
/// </summary>
internal sealed partial class Loader(IRegistryIndex index, IRegistryStorage storage, SyncLogMark log, ILogger<Loader> logger) : IRegistryLoader
{
    // A portion is what a crash may make us do again.
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
            // Another process has taken it over, and completes it.
        }

        return done;
    }

    /// <summary>Loads a part.</summary>
    /// <param name="after">Where a load before got to.</param>
    /// <param name="stored">Told of each portion when it is safely in the index, and after what to go on; null for where it began.</param>
    /// <param name="cancellationToken">Cancels the load; what was stored stays.</param>
    public async Task<LoadProgress> LoadAsync(string? after, Func<LoadProgress, string?, Task> stored, CancellationToken cancellationToken)
    {
        var (result, unreadable) = (ImportResult.None, 0L);
        var unread = after is null ? null : (await log.ReadAsync(cancellationToken)).Unread;
        await foreach (var portion in storage.ReadAsync(after, cancellationToken).InPortionsAsync(PortionSize, cancellationToken))
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
