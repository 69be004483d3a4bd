using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization;

/// <summary>
/// Loads the content of a registry's storage into the index. A load only adds: it deletes nothing, and a repository keeps its description
/// where its image has none.
/// </summary>
public interface IRegistryLoader
{
    /// <summary>The name of the mark under which an index remembers its first load (<see cref="IndexWork"/>).</summary>
    const string WorkName = "first-load";

    /// <summary>
    /// Loads everything, at a person's request. Where there was no first load, this is the first load: when it fails, the next host continues it.
    /// </summary>
    /// <param name="progress">Receives the progress each time a portion is stored in the index.</param>
    /// <param name="cancellationToken">Cancels the load; what was stored stays.</param>
    /// <exception cref="RegistrySourceException">The storage could not be read to its end.</exception>
    /// <exception cref="RegistryIndexException">The index failed.</exception>
    Task<LoadProgress> LoadAsync(IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>The progress of a load.</summary>
/// <param name="Result">What was written.</param>
/// <param name="Unreadable">How many repositories could not be read, or have an image that could not be read.</param>
public sealed record LoadProgress(ImportResult Result, long Unreadable);
