namespace RegistryIndex;

/// <summary>
/// An index that can be read as it was found, without being initialized: what commands read that only
/// read, such as <c>registry-index search</c>, <c>export</c> and <c>verify</c>, so that none of them makes anything.
/// </summary>
/// <remarks>
/// Optional: a backend that has it adds it to the container beside <see cref="IRegistryIndex"/>, as the same object. An index
/// without it is initialized before it is read. All members are thread-safe.
/// </remarks>
public interface IRegistryIndexSource
{
    /// <summary>Where the index is, for people and without secrets, whether or not it is there; null where that is not told.</summary>
    string? Location => null;

    /// <summary>
    /// Makes ready for reading, in place of <see cref="IRegistryIndex.InitializeAsync"/> or before it; creates, adopts and writes
    /// nothing. From then on get, list, scan, status and marks of the index work, and searches where it says so.
    /// </summary>
    /// <exception cref="RegistryIndexException">The store failed, or holds an unknown schema version: the message says what was found.</exception>
    Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default);
}

/// <summary>What <see cref="IRegistryIndexSource.OpenForReadingAsync"/> found.</summary>
public enum SourceState
{
    /// <summary>There is no index: nothing can be read.</summary>
    Missing,

    /// <summary>It can be listed; searches would miss what only an initialization takes in.</summary>
    Listable,

    /// <summary>It can be searched, too.</summary>
    Searchable,
}
