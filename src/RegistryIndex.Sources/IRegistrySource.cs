namespace RegistryIndex.Sources;

/// <summary>Reads what a registry holds, from the registry's own storage or through its HTTP API. Never writes. Thread-safe.</summary>
public interface IRegistrySource
{
    /// <summary>The location of the source, for people; never contains a secret.</summary>
    string Location { get; }

    /// <summary>
    /// Whether a source is configured. When it is not, every read throws a <see cref="RegistrySourceException"/> that says what to set.
    /// </summary>
    bool IsConfigured => true;

    /// <summary>
    /// Lists every repository that has a tag, and those that may have one (not <see cref="StoredRepository.IsCertain"/>), in the source's
    /// own order. A storage yields each repository that exists throughout exactly once; a registry's API yields it at least once.
    /// </summary>
    /// <param name="after">
    /// The <see cref="StoredRepository.Position"/> to continue after, from an enumeration that ended early. The repository itself need not
    /// exist any more.
    /// </param>
    /// <param name="stored">Returns what the index holds of a repository; an image that the index knows already is not read. Null where
    /// there is no index.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <exception cref="ArgumentException"><paramref name="after"/> is not a position.</exception>
    /// <exception cref="RegistrySourceException">The source could not be read to its end: what was yielded is incomplete.</exception>
    IAsyncEnumerable<StoredRepository> ReadAsync(string? after = null, Func<string, CancellationToken, Task<Repository?>>? stored = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the current state of one repository.</summary>
    /// <param name="name">The repository's name, which must match the grammar (contract 1.2).</param>
    /// <param name="stored">What the index holds of the repository; an image that the index knows already is not read. Null where the index
    /// has no row, or it is not known.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The repository; null when the source itself answers that there is no such repository, or none with a tag. A missing answer
    /// is an error, never null.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> breaks the grammar.</exception>
    /// <exception cref="RegistrySourceException">The source gives no answer at the moment.</exception>
    Task<StoredRepository?> FindAsync(string name, Repository? stored = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the tags of one repository, without signatures and other attachments of images.</summary>
    /// <param name="name">The repository's name, which must match the grammar (contract 1.2).</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The tags: newest first when all their times are known, else in the order of preference; null when the source answers that
    /// there is no such repository.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> breaks the grammar.</exception>
    /// <exception cref="RegistrySourceException">The source gives no answer at the moment.</exception>
    Task<IReadOnlyList<ListedTag>?> ListTagsAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Finds out whether look-ups failed because of their repositories or because of the source, by reading a repository that could be read
    /// before.
    /// </summary>
    /// <exception cref="RegistrySourceException">The source cannot be read at the moment.</exception>
    Task CheckAsync(CancellationToken cancellationToken = default);
}
