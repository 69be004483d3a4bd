namespace RegistryIndex.Synchronization;

/// <summary>Takes in what a registry's events say, and brings the index to what is true. Thread-safe.</summary>
public interface IRegistryFollower
{
    /// <summary>
    /// Takes an event in: the repository is looked up soon. Where there is nobody to ask, the event is all there is, and it is
    /// written before this returns.
    /// </summary>
    /// <param name="name">The repository, of the grammar (contract 1.2).</param>
    /// <param name="hint">What the event says of it.</param>
    /// <returns>False when there is no room for one more, or the host is about to end: the sender has to send it again.</returns>
    /// <exception cref="RegistryIndexException">It could not be written: the sender has to send it again.</exception>
    Task<bool> TryNoteAsync(string name, RepositoryHint hint);

    /// <summary>How the registry is followed at the moment, for operators.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RegistryIndexException">The index could not be read.</exception>
    Task<FollowingStatus> GetStatusAsync(CancellationToken cancellationToken = default);
}
