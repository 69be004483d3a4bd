namespace RegistryIndex.Sources;

/// <summary>A registry cannot be read through its storage or API.</summary>
/// <param name="message">One sentence: what was wrong, where, and what to do.</param>
/// <param name="innerException">What the store or the HTTP client threw.</param>
public class RegistrySourceException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>
    /// Whether the problem concerns one place of the source only, such as a file that cannot be read or a directory that is not one: other
    /// places may be fine.
    /// </summary>
    public bool IsOfOnePlace { get; init; }
}
