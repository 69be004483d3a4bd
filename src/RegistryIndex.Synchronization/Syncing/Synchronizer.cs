using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization.Refreshing;

namespace RegistryIndex.Synchronization.Syncing;

/// <summary>
/// Makes the index equal to the registry. It first reads the registry and adds and updates repositories, then reads the index and removes
/// what the registry did not list. A listing that fails removes nothing. An empty listing, or the removal of a large share, is accepted
/// only by force. Each candidate for removal is asked for once more by name.
/// </summary>
internal sealed partial class Synchronizer(
    IRegistryIndex index, FollowedSource source, RepositoryRefresh refresh, FollowMetrics metrics, IOptions<SyncOptions> options, ILogger<Synchronizer> logger)
{
    private const int PortionSize = 500;
    private const int AtATime = 8;

    private IRegistrySource Walked =>
        source.Source ?? throw new RegistrySourceException("No registry is configured: set registry to its address, or storage_path to its storage.");

    /// <summary>Checks that there is a registry and that it answers.</summary>
    /// <exception cref="RegistrySourceException">No registry is configured, or it does not answer.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => Walked.CheckAsync(cancellationToken);

    /// <exception cref="RegistrySourceException">The registry could not be read to its end; what was written is correct, and nothing was
    /// removed.</exception>
    public async Task<SyncResult> RunAsync(SyncMode mode, CancellationToken cancellationToken)
    {
        var (seen, hiding) = (new SeenNames(), new SeenNames());
        var result = new SyncResult(ImportResult.None, 0, 0, 0, 0, IsEmpty: false);
        refresh.Watch();
        try
        {
            IReadOnlyCollection<string> refreshed = [];
            await foreach (var portion in Walked.ReadAsync(null, mode.ReadsAgain ? KnownPushTimes.Of(index) : index.GetAsync, cancellationToken).InPortionsAsync(PortionSize, cancellationToken))
            {
                source.Answered();
                result = await AddAsync(portion, seen, hiding, result, mode, cancellationToken);
                (refreshed, result) = await RepeatAsync(portion, refreshed, result, mode, cancellationToken);
                mode.Progress?.Report(result.Written);
            }

            source.Answered();
        }
        catch (RegistrySourceException error)
        {
            source.Failed(error);
            throw;
        }
        finally
        {
            refresh.EndWatch();
        }

        // A cache fetches again what is gone from it, when a client asks for it.
        return mode.IsAdditive || source.Cache is not null ? result : await RemoveAsync(name => !seen.Contains(name) && !IsHidden(name, hiding), seen.Count == 0, result, mode, cancellationToken);
    }

    private async Task<SyncResult> AddAsync(StoredRepository[] portion, SeenNames seen, SeenNames hiding, SyncResult result, SyncMode mode, CancellationToken cancellationToken)
    {
        foreach (var repository in portion)
        {
            seen.Add(repository.Repository.Name);
            if (repository.HidesOthers)
                hiding.Add(repository.Repository.Name);
            if (repository.Problem is not null)
                LogProblem(logger, RepositoryName.Shown(repository.Repository.Name), repository.Problem);
        }

        var certain = portion.Where(repository => repository.IsCertain).ToLookup(repository => repository.Problem is null && repository.MayHaveDescription);
        var told = certain[true].Select(repository => repository.Repository);
        var rest = await certain[false].ToAsyncEnumerable().Select(async (repository, token) => await index.WithoutDoubtAsync(repository, token)).ToListAsync(cancellationToken);
        var written = mode.IsDryRun
            ? await CompareAsync(told, mode.IsAdditive, mode, cancellationToken) + await CompareAsync(rest, keeps: true, mode, cancellationToken)
            : await ImportAsync(told, mode.IsAdditive, cancellationToken) + await ImportAsync(rest, keeps: true, cancellationToken);
        return result with
        {
            Written = result.Written + written,
            Unreadable = result.Unreadable + portion.Count(repository => repository is { IsCertain: true, Problem: not null }),
            Unclear = result.Unclear + portion.Count(repository => !repository.IsCertain),
            Unread = UnreadPlaces.Add(result.Unread, portion),
        };
    }

    private async Task<ImportResult> ImportAsync(IEnumerable<Repository> repositories, bool keeps, CancellationToken cancellationToken)
    {
        var imported = await index.ImportAsync(
            repositories.ToAsyncEnumerable(), new() { KeepDescriptions = keeps, Refused = refused => LogRefused(logger, refused.Reason) }, cancellationToken);
        metrics.Changed("added", imported.Added);
        metrics.Changed("updated", imported.Updated);
        return imported;
    }

    private async Task<ImportResult> CompareAsync(IEnumerable<Repository> repositories, bool keeps, SyncMode mode, CancellationToken cancellationToken)
    {
        var result = ImportResult.None;
        foreach (var repository in repositories)
        {
            if (repository.FindProblem() is { } problem)
            {
                LogRefused(logger, problem);
                result += new ImportResult { Refused = 1 };
                continue;
            }

            var known = await index.GetAsync(repository.Name, cancellationToken);
            var outcome = repository.KeptBy(index.Capabilities).WriteOver(known, keeps).Outcome;
            result += ImportResult.Of(outcome);
            if (outcome != UpsertOutcome.Unchanged)
                mode.Changed?.Invoke($"{(outcome == UpsertOutcome.Added ? '+' : '~')} {repository.Name}");
        }

        return result;
    }

    // An event may have written a newer answer than the one this run read earlier and has now written. Reading is ahead of writing by less
    // than a portion, so every repository that was refreshed during this portion or the previous one is looked up again.
    private async Task<(IReadOnlyCollection<string> Refreshed, SyncResult Result)> RepeatAsync(
        StoredRepository[] portion, IReadOnlyCollection<string> before, SyncResult result, SyncMode mode, CancellationToken cancellationToken)
    {
        var refreshed = refresh.TakeWatched();
        if (mode.IsDryRun || refreshed.Count + before.Count == 0)
            return (refreshed, result);
        var names = portion.Select(repository => repository.Repository.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in refreshed.Union(before, StringComparer.Ordinal).Where(names.Contains))
        {
            if (await TryRefreshAsync(name, RepositoryNotice.Changed, cancellationToken) is null)
                result = result with { Unclear = result.Unclear + 1 };
        }

        return (refreshed, result);
    }

    private async Task<SyncResult> RemoveAsync(Func<string, bool> isMissing, bool isNothingListed, SyncResult result, SyncMode mode, CancellationToken cancellationToken)
    {
        var (total, candidates) = (0L, 0L);
        await foreach (var repository in index.ScanAsync(cancellationToken: cancellationToken))
        {
            total++;
            candidates += IsCandidate(repository) ? 1 : 0;
        }

        if (candidates == 0)
            return result;
        result = result with { IsEmpty = isNothingListed || !await source.ListsAnyAsync(cancellationToken) };
        if (result.IsEmpty && !mode.IsForced)
        {
            LogEmpty(logger, source.Source!.Location, total);
            return result with { Withheld = candidates };
        }

        if (candidates > options.Value.MostDeletionsOf(total) && !mode.IsForced)
        {
            LogWithheld(logger, candidates, total, options.Value.MaxDeletions);
            return result with { Withheld = candidates };
        }

        var (removed, unclear) = (0L, 0L);
        var gone = index.ScanAsync(cancellationToken: cancellationToken).Where(IsCandidate);
        await Parallel.ForEachAsync(gone, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (repository, token) =>
        {
            switch (await TryRemoveAsync(repository.Name, mode, token))
            {
                case true:
                    Interlocked.Increment(ref removed);
                    break;
                case null:
                    Interlocked.Increment(ref unclear);
                    break;
            }
        });
        return result with { Removed = removed, Unclear = result.Unclear + unclear };

        // A name that breaks the grammar comes from a predecessor: no registry can be asked for it, so its state is unknown.
        bool IsCandidate(Repository repository) => isMissing(repository.Name) && RepositoryName.FindProblem(repository.Name) is null;
    }

    // Repositories below a directory that cannot be read were not listed, but are not gone.
    private static bool IsHidden(string name, SeenNames hiding)
    {
        for (var end = name.LastIndexOf('/'); end > 0 && hiding.Count > 0; end = name.LastIndexOf('/', end - 1))
        {
            if (hiding.Contains(name[..end]))
                return true;
        }

        return false;
    }

    /// <summary>Returns whether the repository is gone; null when the registry gives no answer.</summary>
    private async Task<bool?> TryRemoveAsync(string name, SyncMode mode, CancellationToken cancellationToken)
    {
        var done = await TryRefreshAsync(name, RepositoryNotice.NotListed, cancellationToken, mode.IsDryRun);
        if (done == Refreshed.Removed)
            mode.Changed?.Invoke($"- {name}");
        return done is null ? null : done == Refreshed.Removed;
    }

    /// <summary>
    /// Returns what a refresh did or would do; null when the registry gives no answer for this repository. Throws when the registry is
    /// down.
    /// </summary>
    private async Task<Refreshed?> TryRefreshAsync(string name, RepositoryNotice hint, CancellationToken cancellationToken, bool isDryRun = false)
    {
        try
        {
            if (!isDryRun)
                return (await refresh.RunAsync(name, hint, pushedAt: null, cancellationToken)).Done;
            return await source.FindAsync(name, stored: null, cancellationToken) is null ? Refreshed.Removed : Refreshed.Unchanged;
        }
        catch (RegistrySourceException error) when (!source.IsDown)
        {
            LogProblem(logger, name, error.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Repository}: {Problem}")]
    private static partial void LogProblem(ILogger logger, string repository, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not synced: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Location} lists no repository at all, so the {Total} repositories of the index stay. If the registry is really empty, check with `registry-index sync --dry-run --force`, and run `registry-index sync --force`")]
    private static partial void LogEmpty(ILogger logger, string location, long total);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} of the {Total} repositories of the index are gone from the registry, more than the {Percent} % that sync_max_deletions allows, so they stay. Check with `registry-index sync --dry-run --force`, and if this is right run `registry-index sync --force`")]
    private static partial void LogWithheld(ILogger logger, long count, long total, double percent);
}
