using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Configuration;

/// <summary>Removes secrets from settings before they are shown. In doubt it hides more.</summary>
internal static class Redaction
{
    /// <summary>
    /// Returns the value of a setting as it may be shown. The value is hidden when the key is that of a secret, or is unknown and may be a
    /// misspelled secret; otherwise only the passwords inside it are hidden.
    /// </summary>
    public static string Redact(string key, string value)
    {
        if (value.Length == 0)
            return value;
        return IsSecret(key) || !(KnownSettings.IsKnown(key) || HostSettings.IsKnown(key) || OpenTelemetryVariables.IsChecked(key)) ? RedactedText.Hidden : RedactedText.Of(value);
    }

    /// <summary>Whether the setting is a secret, by its key.</summary>
    public static bool IsSecret(string key) => RedactedText.IsSecret(key, areKeysSecret: !KnownSettings.IsKnown(key));
}
