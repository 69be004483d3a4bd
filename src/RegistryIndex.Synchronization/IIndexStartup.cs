namespace RegistryIndex.Synchronization;

/// <summary>
/// Initializes the index when the host starts, and then fills a new one in the background. What fails it tries again; only a store
/// that says that no retry mends it ends the host. Thread-safe.
/// </summary>
public interface IIndexStartup
{
    /// <summary>Whether searches are answered.</summary>
    bool IsInitialized { get; }

    /// <summary>Whether they are answered as soon as later ones are.</summary>
    bool IsReady { get; }

    /// <summary>What ended the host; null when nothing did.</summary>
    RegistryIndexException? Fatal { get; }
}

/// <summary>What a host does between the initialization of its index and saying that it is ready, such as a first search. Optional.</summary>
public interface IIndexWarmUp
{
    /// <summary>Does it once. An error is the implementation's own: it must not throw but when it is cancelled.</summary>
    /// <param name="cancellationToken">Cancelled when the host ends.</param>
    Task RunAsync(CancellationToken cancellationToken);
}
