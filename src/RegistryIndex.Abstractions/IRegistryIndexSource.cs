namespace RegistryIndex;

/// <summary>
/// An index that can be read without being initialized. Commands that only read, such as <c>registry-index search</c>, <c>export</c> and
/// <c>verify</c>, use it so that they create nothing.
/// </summary>
/// <remarks>
/// Optional: a provider that implements it adds the same object to the container beside <see cref="IRegistryIndex"/>. An index
/// without it is initialized before it is read. All members are thread-safe.
/// </remarks>
public interface IRegistryIndexSource
{
    /// <summary>The location of the index, for operators and without secrets, whether or not the index exists; null if it is not disclosed.</summary>
    string? Location => null;

    /// <summary>
    /// Prepares the index for reading, instead of <see cref="IRegistryIndex.InitializeAsync"/> or before it. The call creates, adopts and writes
    /// nothing. Afterwards get, list, scan, status and marks work. Searches work if the result is <see cref="SourceState.Searchable"/>.
    /// </summary>
    /// <exception cref="RegistryIndexException">The store failed or holds an unknown schema version. The message names the version found.</exception>
    Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default);
}

/// <summary>The state that <see cref="IRegistryIndexSource.OpenForReadingAsync"/> found.</summary>
public enum SourceState
{
    /// <summary>The index does not exist, so nothing can be read.</summary>
    Missing,

    /// <summary>The index can be listed. Searches would miss repositories that only an initialization adopts.</summary>
    Listable,

    /// <summary>The index can be listed and searched.</summary>
    Searchable,
}
