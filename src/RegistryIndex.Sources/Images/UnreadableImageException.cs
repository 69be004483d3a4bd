namespace RegistryIndex.Sources.Images;

/// <summary>An image is missing or corrupt in a storage that can be read: a problem of its repository, not of the whole.</summary>
/// <param name="message">What is wrong, as the end of a sentence, without a full stop.</param>
public sealed class UnreadableImageException(string message) : Exception(message);
