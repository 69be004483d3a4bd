namespace RegistryIndex.Synchronization;

/// <summary>
/// Initializes the index when the host starts, and then fills a new index in the background. Failures are retried; the host ends only when
/// the store reports an error that no retry can fix. Thread-safe.
/// </summary>
public interface IIndexStartup
{
    /// <summary>Whether searches are answered.</summary>
    bool IsInitialized { get; }

    /// <summary>Whether searches are answered at their normal speed.</summary>
    bool IsReady => Ready.IsCompletedSuccessfully;

    /// <summary>Completes when searches are answered at their normal speed.</summary>
    Task Ready { get; }

    /// <summary>The error that ended the host; null when there was none.</summary>
    RegistryIndexException? Fatal { get; }
}

/// <summary>
/// Work that a host does after the index is initialized and before the host reports that it is ready, such as a first search. Optional.
/// </summary>
public interface IIndexWarmUp
{
    /// <summary>Runs once. The implementation handles its own errors: it may throw only when it is cancelled.</summary>
    /// <param name="cancellationToken">Cancelled when the host ends.</param>
    Task RunAsync(CancellationToken cancellationToken);
}
