using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Refreshing;

/// <summary>What a refresh did to the index.</summary>
internal enum Refreshed
{
    Unchanged,
    Added,
    Updated,
    Removed,
}

/// <summary>
/// Brings one repository of the index to what is true now: asks, and writes. Of two refreshes of one repository in this
/// process the second begins when the first is done, so that the older answer is never written last.
/// </summary>
internal sealed class RepositoryRefresh(IRegistryIndex index, FollowedSource source, FollowMetrics metrics)
{
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];
    private readonly Lock _gate = new();
    private HashSet<string>? _watched;

    public async Task<Refreshed> RunAsync(string name, RepositoryHint hint, CancellationToken cancellationToken)
    {
        var turn = _turns[(uint)name.GetHashCode(StringComparison.Ordinal) % (uint)_turns.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            Note(name);
            var (done, failure) = source.Source is null ? (await BelieveAsync(name, hint, cancellationToken), null) : await AskAsync(name, hint, cancellationToken);
            Note(name); // again, as the first may have been taken while we asked
            if (done != Refreshed.Unchanged)
                metrics.Changed(done.ToString().ToLowerInvariant());
            return failure is null ? done : throw failure; // what could be had is written, and the rest is to be asked for again
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Begins to note whose refreshes begin and end, for a re-sync that writes what it read a while ago.</summary>
    public void Watch()
    {
        lock (_gate)
            _watched = new(StringComparer.Ordinal);
    }

    /// <summary>Those noted since the last call.</summary>
    public IReadOnlyCollection<string> TakeWatched()
    {
        lock (_gate)
        {
            var watched = _watched ?? [];
            _watched = new(StringComparer.Ordinal);
            return watched;
        }
    }

    public void EndWatch()
    {
        lock (_gate)
            _watched = null;
    }

    private void Note(string name)
    {
        lock (_gate)
            _watched?.Add(name);
    }

    private async Task<(Refreshed Done, RegistrySourceException? Failure)> AskAsync(string name, RepositoryHint hint, CancellationToken cancellationToken)
    {
        if (await source.FindAsync(name, cancellationToken) is { } found)
            return (await WriteAsync(found, cancellationToken), found.Failure);
        if (hint != RepositoryHint.NotListed && await index.GetAsync(name, cancellationToken) is not null && !await source.ListsAnyAsync(cancellationToken))
            throw new RegistrySourceException($"The registry says that it has no '{name}', but it lists no repository at all, as one does whose storage is away: see that it is well; if it is empty, run registry-index sync --force.");
        if (!await index.DeleteAsync(name, cancellationToken))
            return (Refreshed.Unchanged, null);

        // It may have come back meanwhile, and another server may have written that before we deleted it.
        return await source.FindAsync(name, cancellationToken) is { } back ? (await WriteAsync(back, cancellationToken), back.Failure) : (Refreshed.Removed, null);
    }

    private async Task<Refreshed> WriteAsync(StoredRepository found, CancellationToken cancellationToken)
    {
        var repository = await index.WithoutDoubtAsync(found, cancellationToken);
        var isUnknown = repository.Description is null && (found.Problem is not null || !found.MayHaveDescription);
        return isUnknown && await index.GetAsync(repository.Name, cancellationToken) is not null
            ? Refreshed.Unchanged // that it has no description is then not known
            : Outcome(await index.UpsertAsync(repository, cancellationToken));
    }

    // With nobody to ask, a push says that a repository is there, but not what it is about; and that one of its images is
    // deleted says nothing of the others.
    private async Task<Refreshed> BelieveAsync(string name, RepositoryHint hint, CancellationToken cancellationToken) => hint switch
    {
        RepositoryHint.Pushed => await index.GetAsync(name, cancellationToken) is null ? Outcome(await index.UpsertAsync(new(name), cancellationToken)) : Refreshed.Unchanged,
        RepositoryHint.Deleted => await index.DeleteAsync(name, cancellationToken) ? Refreshed.Removed : Refreshed.Unchanged,
        _ => Refreshed.Unchanged,
    };

    private static Refreshed Outcome(UpsertOutcome outcome) => outcome switch
    {
        UpsertOutcome.Added => Refreshed.Added,
        UpsertOutcome.Updated => Refreshed.Updated,
        _ => Refreshed.Unchanged,
    };
}
