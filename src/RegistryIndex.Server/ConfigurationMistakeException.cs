namespace RegistryIndex.Server;

/// <summary>
/// A mistake in the configuration that a person has to mend, or several, each in a line of its own. A line is one sentence that names the
/// file and line or the key, says what is wrong and what to do, and never shows a secret.
/// </summary>
internal sealed class ConfigurationMistakeException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Whether it says already where the settings that it names were written.</summary>
    public bool IsExplained { get; init; }
}
