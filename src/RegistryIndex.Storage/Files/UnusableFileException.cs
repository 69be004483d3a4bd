namespace RegistryIndex.Storage.Files;

/// <summary>A file that a setting names cannot be read, or is not what it should be. The message is one sentence, and never what the file holds.</summary>
internal sealed class UnusableFileException(string message, Exception? innerException = null) : IOException(message, innerException);
