using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization;

/// <summary>
/// Brings what a registry's storage holds into the index. It only adds: nothing is deleted, and a repository whose image
/// says no description keeps the one it has.
/// </summary>
public interface IRegistryLoader
{
    /// <summary>The name of the mark under which an index remembers its first load (<see cref="IndexWork"/>).</summary>
    const string WorkName = "first-load";

    /// <summary>
    /// Loads everything, for a person who asked for it. It is the first load, where there was none: when it fails the next host goes on with it.
    /// </summary>
    /// <param name="progress">Told of each portion when it is safely in the index.</param>
    /// <param name="cancellationToken">Cancels the load; what was stored stays.</param>
    /// <exception cref="RegistrySourceException">The storage could not be read to its end.</exception>
    /// <exception cref="RegistryIndexException">The index failed.</exception>
    Task<LoadProgress> LoadAsync(IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>How far a load is.</summary>
/// <param name="Result">What was done.</param>
/// <param name="Unreadable">How many have an image that could not be read, or could not be read at all.</param>
public sealed record LoadProgress(ImportResult Result, long Unreadable);
