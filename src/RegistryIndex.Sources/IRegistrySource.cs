namespace RegistryIndex.Sources;

/// <summary>A source that tells what a registry holds: the registry's own storage, or its HTTP API. It is never written to. Thread-safe.</summary>
public interface IRegistrySource
{
    /// <summary>Where it is, for people; never a secret.</summary>
    string Location { get; }

    /// <summary>Whether there is anything to read; where the settings name nothing, every read is a <see cref="RegistrySourceException"/> that says what to set.</summary>
    bool IsConfigured => true;

    /// <summary>
    /// Every repository that has a tag, and those of which that is not <see cref="StoredRepository.IsCertain"/>, in an order of the source's own; one that is there throughout is yielded exactly
    /// once by a storage, and at least once by a registry's API.
    /// </summary>
    /// <param name="after">
    /// The <see cref="StoredRepository.Position"/> to go on after, of an enumeration that ended early. The repository
    /// itself need not be there any more.
    /// </param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <exception cref="ArgumentException"><paramref name="after"/> is no position.</exception>
    /// <exception cref="RegistrySourceException">It could not be read to its end: what was yielded is not all.</exception>
    IAsyncEnumerable<StoredRepository> ReadAsync(string? after = null, CancellationToken cancellationToken = default);

    /// <summary>What is true now of one repository.</summary>
    /// <param name="name">Its name, of the grammar (contract 1.2).</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The repository; null when the source says itself that there is none, or none with a tag. No answer is an error, never null.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> breaks the grammar.</exception>
    /// <exception cref="RegistrySourceException">It cannot be told at the moment.</exception>
    Task<StoredRepository?> FindAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Finds out whether look-ups that failed speak of their repositories or of the source, by one that could be read before.</summary>
    /// <exception cref="RegistrySourceException">The source cannot be read at the moment.</exception>
    Task CheckAsync(CancellationToken cancellationToken = default);
}
