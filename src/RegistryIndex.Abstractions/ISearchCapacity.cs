namespace RegistryIndex;

/// <summary>
/// How many searches an index answers well at the same time. A host lets so many in, and has the others wait: more of them would not be
/// answered sooner, but keep the host from everything else.
/// </summary>
/// <remarks>
/// Optional: a backend that knows it adds it to the container beside <see cref="IRegistryIndex"/>. <c>AddRegistryIndex</c> adds a cautious
/// one where the backend has none. Its values stay the same while the host runs.
/// </remarks>
public interface ISearchCapacity
{
    /// <summary>
    /// The number of searches and lists, at least 1: about the processors where they are computed in this process, the connections where
    /// they wait for a server, less what writes and marks need.
    /// </summary>
    int SearchesAtOnce { get; }

    /// <summary>Whether a call holds the thread that makes it until it is done, as a database within the process does.</summary>
    bool HoldsThreads => false;

    /// <summary>
    /// Reads what the first searches would have to wait for, such as texts that are kept in memory. A host calls it once, after it has
    /// initialized the index and before it says that it is ready; searches are answered without it, too, only later.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when the next search is answered as soon as later ones.</returns>
    Task PrepareAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
