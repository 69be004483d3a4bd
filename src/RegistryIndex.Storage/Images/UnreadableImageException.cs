namespace RegistryIndex.Storage.Images;

/// <summary>An image is missing or corrupt in a storage that can be read: a problem of its repository, not of the whole.</summary>
/// <param name="message">What is wrong, as the end of a sentence, without a full stop.</param>
internal sealed class UnreadableImageException(string message) : Exception(message);
