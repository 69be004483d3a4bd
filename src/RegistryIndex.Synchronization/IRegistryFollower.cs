namespace RegistryIndex.Synchronization;

/// <summary>Accepts a registry's events and updates the index accordingly. Thread-safe.</summary>
public interface IRegistryFollower
{
    /// <summary>
    /// Accepts an event; the repository is looked up soon. Where there is no source to ask, the event itself is written before this method
    /// returns.
    /// </summary>
    /// <param name="name">The repository's name, which must match the grammar (contract 1.2).</param>
    /// <param name="hint">What the event says about the repository.</param>
    /// <param name="push">The tag that was pushed; null where the event is not the push of a tag. A time more than five minutes ahead of
    /// this clock counts as five minutes ahead.</param>
    /// <returns>False when the queue is full or the host is ending: the sender has to send the event again.</returns>
    /// <exception cref="RegistryIndexException">The event could not be written: the sender has to send it again.</exception>
    Task<bool> TryNoteAsync(string name, RepositoryNotice hint, RepositoryPush? push = null);

    /// <summary>Reports how the registry is followed at the moment, for operators.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RegistryIndexException">The index could not be read.</exception>
    Task<FollowingStatus> GetStatusAsync(CancellationToken cancellationToken = default);
}
