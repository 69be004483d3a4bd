using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Configuration;

/// <summary>Takes secrets out of settings before anybody sees them. In doubt it hides more.</summary>
internal static class Redaction
{
    /// <summary>
    /// The value of a setting as it may be shown: hidden where the key says so, and where it is none that is known, as it may be that of a
    /// secret, written wrongly; else without the passwords inside it.
    /// </summary>
    public static string Redact(string key, string value)
    {
        if (value.Length == 0)
            return value;
        return IsSecret(key) || !(KnownSettings.IsKnown(key) || HostSettings.IsKnown(key)) ? RedactedText.Hidden : RedactedText.Of(value);
    }

    /// <summary>Whether the setting is a secret, by its key.</summary>
    public static bool IsSecret(string key) => RedactedText.IsSecret(key, areKeysSecret: !KnownSettings.IsKnown(key));
}
