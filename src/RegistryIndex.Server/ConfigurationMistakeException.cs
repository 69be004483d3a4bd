namespace RegistryIndex.Server;

/// <summary>
/// One or several mistakes in the configuration that an operator has to fix, each in a line of its own. A line is one sentence: it names
/// the file and line or the key, says what is wrong and what to do, and never shows a secret.
/// </summary>
internal sealed class ConfigurationMistakeException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Whether the message already says where the settings that it names were written.</summary>
    public bool IsExplained { get; init; }
}
