using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Refreshing;

/// <summary>
/// The source that the index follows: the registry's API where it is configured, else its storage, else none. Tracks whether the source
/// answers.
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

    /// <summary>Null where the index has events only.</summary>
    public IRegistrySource? Source { get; }

    /// <summary>Whether the source is the registry's API, which only following uses.</summary>
    public bool IsRegistry { get; }

    /// <summary>The registry where it is a pull-through cache; else null.</summary>
    public IRegistryApi? Cache => Source is IRegistryApi { IsCache: true } cache ? cache : null;

    /// <summary>Why the source does not answer; null while it does.</summary>
    public string? Problem => _problem;

    /// <summary>Whether the source does not answer. A single repository that cannot be read does not count.</summary>
    public bool IsDown => _problem is not null;

    /// <summary>
    /// Looks a repository up. A failure says nothing about other repositories: after several failures the source itself is checked.
    /// </summary>
    /// <inheritdoc cref="IRegistrySource.FindAsync"/>
    public async Task<StoredRepository?> FindAsync(string name, Repository? stored, CancellationToken cancellationToken)
    {
        try
        {
            var found = await Source!.FindAsync(name, stored, cancellationToken);
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

    /// <summary>
    /// Whether the source lists any repository. When it lists none, its answer about a single repository is not reliable. A storage checks
    /// that itself.
    /// </summary>
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
