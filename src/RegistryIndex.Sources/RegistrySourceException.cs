namespace RegistryIndex.Sources;

/// <summary>A registry cannot be read, neither its storage nor its API.</summary>
/// <param name="message">One sentence: what was wrong, where, and what to do.</param>
/// <param name="innerException">What the store or the HTTP client threw.</param>
public class RegistrySourceException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether only one place of the source is concerned, such as a file that cannot be read or a directory that is none: it says nothing of the others.</summary>
    public bool IsOfOnePlace { get; init; }
}
