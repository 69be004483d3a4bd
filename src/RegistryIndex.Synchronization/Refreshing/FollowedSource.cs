using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Refreshing;

/// <summary>
/// What the index follows: the registry's API where it is configured, else its storage, else nothing. Knows
/// whether it answers.
/// </summary>
internal sealed class FollowedSource : IFollowedSource
{
    private const int FailuresToCheckAfter = 3;

    private readonly FollowMetrics _metrics;
    private int _failuresInARow;
    private volatile string? _problem;

    public FollowedSource(FollowMetrics metrics, IRegistryApi? registry = null, IRegistryStorage? storage = null)
    {
        IsRegistry = registry is { IsConfigured: true };
        Source = IsRegistry ? registry : storage is { IsConfigured: true } ? storage : null;
        _metrics = metrics;
        _metrics.ObserveSource(() => Source is null ? null : _problem is null);
    }

    /// <summary>Null where events are all there is.</summary>
    public IRegistrySource? Source { get; }

    /// <summary>Whether it is the registry's API, which nothing but following uses.</summary>
    public bool IsRegistry { get; }

    /// <summary>The pull-through cache, where it is one.</summary>
    public IRegistryApi? Cache => Source is IRegistryApi { IsCache: true } cache ? cache : null;

    /// <summary>Why it does not answer; null while it does.</summary>
    public string? Problem => _problem;

    /// <summary>Whether it does not answer, which a repository that cannot be read does not mean.</summary>
    public bool IsDown => _problem is not null;

    /// <summary>Looks a repository up. One that cannot be read says nothing of the others: after a few the source itself is checked.</summary>
    /// <inheritdoc cref="IRegistrySource.FindAsync"/>
    public async Task<StoredRepository?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await Source!.FindAsync(name, cancellationToken);
            _metrics.LookedUp(found switch { null => "gone", { Failure: null } => "found", _ => "failed" });
            if (found?.Failure is null)
                Answered();
            else
                await CheckAsync(cancellationToken);
            return found;
        }
        catch (RegistrySourceException)
        {
            _metrics.LookedUp("failed");
            await CheckAsync(cancellationToken);
            throw;
        }
    }

    /// <summary>Whether it knows any repository: what one that knows none says of a single repository means nothing. A storage weighs that itself.</summary>
    public async Task<bool> ListsAnyAsync(CancellationToken cancellationToken) => Source is not IRegistryApi registry || await registry.ListsAnyAsync(cancellationToken);

    public void Answered()
    {
        Volatile.Write(ref _failuresInARow, 0);
        _problem = null;
    }

    public void Failed(RegistrySourceException error) => _problem = error.Message;

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _failuresInARow) < FailuresToCheckAfter)
            return;
        try
        {
            await Source!.CheckAsync(cancellationToken);
            Answered();
        }
        catch (RegistrySourceException error)
        {
            Failed(error);
        }
    }
}
