namespace RegistryIndex.Storage;

/// <summary>A registry's storage is not configured, holds no registry, or cannot be read.</summary>
/// <param name="message">One sentence: what was wrong, where, and what to do.</param>
/// <param name="innerException">What the store threw.</param>
public sealed class StorageException(string message, Exception? innerException = null) : RegistrySourceException(message, innerException)
{
    /// <summary>Whether it is so in that one place, such as a file that cannot be read or a directory that is none, which says nothing of the others.</summary>
    internal bool IsOfOnePlace { get; init; }
}
