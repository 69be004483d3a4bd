namespace RegistryIndex.Providers;

/// <summary>
/// <c>search_backend</c> does not name a provider, or the settings of the provider are wrong. The message says which setting and what to do.
/// </summary>
public sealed class ProviderConfigurationException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which setting is wrong and what to do, for an operator.</param>
    /// <param name="innerException">The exception of the provider, or null.</param>
    public ProviderConfigurationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
