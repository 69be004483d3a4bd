namespace RegistryIndex.Sources;

/// <summary>A file that a setting names cannot be read, or is not what it should be.</summary>
/// <param name="message">One sentence: what was wrong, where, and what to do; never what the file holds.</param>
/// <param name="innerException">What the system threw.</param>
public sealed class UnusableFileException(string message, Exception? innerException = null) : IOException(message, innerException);
