using RegistryIndex.Sources;

namespace RegistryIndex.Storage;

/// <summary>A registry's storage is not configured, holds no registry, or cannot be read.</summary>
/// <param name="message">One sentence: what was wrong, where, and what to do.</param>
/// <param name="innerException">What the store threw.</param>
public sealed class StorageException(string message, Exception? innerException = null) : RegistrySourceException(message, innerException);
