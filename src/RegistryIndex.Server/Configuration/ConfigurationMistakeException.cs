namespace RegistryIndex.Server.Configuration;

/// <summary>
/// A mistake in the configuration that a person has to mend. The message is one sentence that names the file and line
/// or the key, says what is wrong and what to do, and never shows a value, which may be a secret.
/// </summary>
internal sealed class ConfigurationMistakeException(string message, Exception? innerException = null)
    : Exception(message, innerException);
