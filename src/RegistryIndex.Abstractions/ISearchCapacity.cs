namespace RegistryIndex;

/// <summary>
/// The number of searches that an index answers well at the same time. A host admits this many and lets the others wait: a higher number would not
/// speed up the searches, but it would slow down everything else in the host.
/// </summary>
/// <remarks>
/// Optional: a provider that knows its capacity adds it to the container beside <see cref="IRegistryIndex"/>. If the provider adds none,
/// <c>AddRegistryIndex</c> with a configuration adds a cautious default; a keyed registration and the overload with a factory add none. The
/// values stay the same while the host runs.
/// </remarks>
public interface ISearchCapacity
{
    /// <summary>
    /// The number of concurrent searches and lists, at least 1. For an index computed in this process, about the number of processors; for one that
    /// waits for a server, the number of connections less those for writes and marks, but about eight for each processor if the server may be on the
    /// same machine.
    /// </summary>
    int SearchesAtOnce { get; }

    /// <summary>Whether a call blocks the calling thread until it completes, as an in-process database does.</summary>
    bool HoldsThreads => false;

    /// <summary>
    /// Reads ahead what the first searches would wait for, such as texts kept in memory. A host calls it once, after it initializes the index and
    /// before it reports that it is ready. Without the call, the first searches are slower.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when the next search is as fast as later ones.</returns>
    Task PrepareAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
