namespace RegistryIndex.Sources.Images;

/// <summary>An image is missing or corrupt, while the source itself can be read: a problem of the repository only.</summary>
/// <param name="message">The problem, as the end of a sentence, without a full stop.</param>
public sealed class UnreadableImageException(string message) : Exception(message);
