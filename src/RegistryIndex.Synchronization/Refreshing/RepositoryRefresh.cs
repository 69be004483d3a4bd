using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Refreshing;

/// <summary>The effect of a refresh on the index.</summary>
internal enum Refreshed
{
    Unchanged,
    Added,
    Updated,
    Removed,
}

/// <summary>
/// Brings one repository of the index up to date: looks it up and writes the answer. Two refreshes of one repository in this process run
/// one after the other, so that the older answer is never written last.
/// </summary>
internal sealed class RepositoryRefresh(IRegistryIndex index, FollowedSource source, FollowMetrics metrics)
{
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];
    private readonly Lock _gate = new();
    private HashSet<string>? _watched;

    /// <param name="name">The repository.</param>
    /// <param name="hint">What is known of it.</param>
    /// <param name="pushedAt">When it was pushed; null where that is not known.</param>
    /// <param name="cancellationToken">Cancels the refresh.</param>
    /// <returns>The effect, and what the source holds; null where it has no such repository, or there is no source.</returns>
    public async Task<(Refreshed Done, StoredRepository? Found)> RunAsync(string name, RepositoryNotice hint, DateTimeOffset? pushedAt, CancellationToken cancellationToken)
    {
        var turn = _turns[(uint)name.GetHashCode(StringComparison.Ordinal) % (uint)_turns.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            Note(name);
            var (done, found) = source.Source is null ? (await BelieveAsync(name, hint, pushedAt, cancellationToken), null) : await AskAsync(name, hint, pushedAt, cancellationToken);
            Note(name); // again, as the first note may have been taken during the look-up
            if (done != Refreshed.Unchanged)
                metrics.Changed(done.ToString().ToLowerInvariant());
            return found?.Failure is { } failure ? throw failure : (done, found); // the part that could be read is written, and the rest has to be looked up again
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Begins to record the names whose refreshes begin and end, for a re-sync that writes what it read earlier.</summary>
    public void Watch()
    {
        lock (_gate)
            _watched = new(StringComparer.Ordinal);
    }

    /// <summary>The names recorded since the last call.</summary>
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

    private async Task<(Refreshed Done, StoredRepository? Found)> AskAsync(string name, RepositoryNotice hint, DateTimeOffset? pushedAt, CancellationToken cancellationToken)
    {
        var stored = await index.GetAsync(name, cancellationToken);
        if (await source.FindAsync(name, stored, cancellationToken) is { } found)
            return (await WriteAsync(found, pushedAt, cancellationToken), found);
        if (hint != RepositoryNotice.NotListed && await index.GetAsync(name, cancellationToken) is not null && !await source.ListsAnyAsync(cancellationToken))
            throw new RegistrySourceException($"The registry says that it does not have '{name}', but it lists no repository at all, which may mean that its storage is not mounted: check that it works; if it is empty, run registry-index sync --force.");
        if (!await index.DeleteAsync(name, cancellationToken))
            return (Refreshed.Unchanged, null);

        // The repository may have come back, and another server may have written it before this one deleted it.
        return await source.FindAsync(name, stored: null, cancellationToken) is { } back ? (await WriteAsync(back, pushedAt, cancellationToken), back) : (Refreshed.Removed, null);
    }

    private async Task<Refreshed> WriteAsync(StoredRepository found, DateTimeOffset? pushedAt, CancellationToken cancellationToken)
    {
        var repository = await index.WithoutDoubtAsync(found, cancellationToken);
        var isUnknown = repository.Description is null && (found.Problem is not null || !found.MayHaveDescription);
        var stored = isUnknown || (pushedAt is not null && repository.Facts is null) ? await index.GetAsync(repository.Name, cancellationToken) : null;
        var facts = WithPush(repository.Facts ?? (pushedAt is null ? null : stored?.Facts), pushedAt);
        return isUnknown && stored is not null && facts is null
            ? Refreshed.Unchanged // a missing description is not certain then
            : Outcome(await index.UpsertAsync(new(repository.Name, isUnknown ? stored?.Description : repository.Description, facts), cancellationToken));
    }

    // The source's time is that of a storage, while the event is the push itself. The write ensures that times never go back.
    private static RepositoryFacts? WithPush(RepositoryFacts? facts, DateTimeOffset? pushedAt) =>
        pushedAt is null || facts?.PushedAt >= pushedAt ? facts : (facts ?? new()) with { PushedAt = pushedAt };

    // Without a source to ask, a push shows that a repository exists, but not its description; and the deletion of one image says nothing
    // about the others.
    private async Task<Refreshed> BelieveAsync(string name, RepositoryNotice hint, DateTimeOffset? pushedAt, CancellationToken cancellationToken) => hint switch
    {
        RepositoryNotice.Pushed when await index.GetAsync(name, cancellationToken) is var stored =>
            Outcome(await index.UpsertAsync(new(name, stored?.Description, WithPush(stored?.Facts, pushedAt)), cancellationToken)),
        RepositoryNotice.Deleted => await index.DeleteAsync(name, cancellationToken) ? Refreshed.Removed : Refreshed.Unchanged,
        _ => Refreshed.Unchanged,
    };

    private static Refreshed Outcome(UpsertOutcome outcome) => outcome switch
    {
        UpsertOutcome.Added => Refreshed.Added,
        UpsertOutcome.Updated => Refreshed.Updated,
        _ => Refreshed.Unchanged,
    };
}
