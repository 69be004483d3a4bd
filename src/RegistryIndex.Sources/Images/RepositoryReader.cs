namespace RegistryIndex.Sources.Images;

/// <summary>
/// Determines the state of a repository from its tags and images. The preferred tag is read first (<see cref="TagOrder"/>), and the facts
/// are those of its image. When it has no description or cannot be read, a few other tags are read for a description. An image that the
/// index knows already is not read. Thread-safe.
/// </summary>
/// <param name="keys">The names under which images hold their description.</param>
/// <param name="memory">The limit, in bytes, approximately, of the memory for what was read, so that unchanged images are not read again; 0
/// where reading again is free.</param>
public sealed class RepositoryReader(DescriptionKeys keys, long memory = 0)
{
    private const int MaxRounds = 3;

    private readonly ImageMemory? _memory = memory > 0 ? new(memory) : null;

    /// <summary>Reads one repository.</summary>
    /// <param name="name">The repository's name in the source.</param>
    /// <param name="position">Its position in the source.</param>
    /// <param name="images">Its tags and images.</param>
    /// <param name="stored">What the index holds of the repository; null where the index has no row, or it is not known.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The state; null when the repository has no tag.</returns>
    /// <exception cref="RegistrySourceException">The tags cannot be listed at the moment.</exception>
    public async Task<StoredRepository?> ReadAsync(string name, string position, IRepositoryImages images, Repository? stored, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var reading = new RepositoryReading(images, new(images, keys), _memory?.Find(name) ?? [], stored, isLimited: _memory is not null);
            if (!await reading.RunAsync(cancellationToken))
            {
                _memory?.Keep(name, []);
                return null;
            }

            if (reading.Failure is null)
                _memory?.Keep(name, reading.Read);

            // During the read, a tag may be moved or deleted and its image collected as garbage. So a problem counts only when the tags are
            // still the same afterwards.
            if (reading.Problem is null || reading.Failure is not null || round == MaxRounds || await reading.IsStillTrueAsync(cancellationToken))
                return new(new(name, reading.Description, reading.Facts), position, reading.Problem) { Failure = reading.Failure, Tags = reading.Tags };
        }
    }
}
