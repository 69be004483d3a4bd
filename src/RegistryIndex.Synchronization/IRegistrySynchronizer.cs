using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization;

/// <summary>
/// Makes the index equal to its registry. A listing that fails removes nothing. An empty listing, or the removal of a large share of the
/// index, is accepted only by force. Each repository that seems to be gone is asked for once more by name. Thread-safe; keep one instance
/// for as long as you contend.
/// </summary>
public interface IRegistrySynchronizer
{
    /// <summary>Checks that there is a registry and that it answers.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RegistrySourceException">No registry is configured, or it does not answer.</exception>
    Task CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>Reports what a re-sync would do, and writes nothing.</summary>
    /// <param name="mode">How the re-sync would run.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RegistrySourceException">The registry could not be read to its end.</exception>
    Task<SyncResult> TryOutAsync(SyncMode mode, CancellationToken cancellationToken = default);

    /// <summary>Re-syncs, unless another process is re-syncing at the moment.</summary>
    /// <param name="mode">How the re-sync runs.</param>
    /// <param name="cancellationToken">Cancels the re-sync; what was written stays.</param>
    /// <returns>What was done; null when another process is re-syncing: try again later.</returns>
    /// <exception cref="RegistrySourceException">The registry could not be read to its end; what was written is correct, and nothing was
    /// removed.</exception>
    /// <exception cref="RegistryIndexException">The index failed.</exception>
    Task<SyncResult?> TryRunAsync(SyncMode mode, CancellationToken cancellationToken = default);
}
