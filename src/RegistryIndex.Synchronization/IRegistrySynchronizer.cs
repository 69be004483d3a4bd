using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization;

/// <summary>
/// Makes the index equal to its registry. A listing that fails removes nothing, one that is empty and a large share are believed only by
/// force, and each repository that seems to be gone is asked for once more on its own. Thread-safe; keep one for as long as you contend.
/// </summary>
public interface IRegistrySynchronizer
{
    /// <summary>Makes sure that there is a registry that answers.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RegistrySourceException">There is none.</exception>
    Task CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>Says what a re-sync would do, and writes nothing.</summary>
    /// <param name="mode">How it would go about it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RegistrySourceException">The registry could not be read to its end.</exception>
    Task<SyncResult> TryOutAsync(SyncMode mode, CancellationToken cancellationToken = default);

    /// <summary>Re-syncs, unless another process does so at the moment.</summary>
    /// <param name="mode">How to go about it.</param>
    /// <param name="cancellationToken">Cancels the re-sync; what was written stays.</param>
    /// <returns>What was done; null when another process is at it: ask again in a while.</returns>
    /// <exception cref="RegistrySourceException">The registry could not be read to its end; what was written is right, and nothing was removed.</exception>
    /// <exception cref="RegistryIndexException">The index failed.</exception>
    Task<SyncResult?> TryRunAsync(SyncMode mode, CancellationToken cancellationToken = default);
}
