using System.Text.RegularExpressions;

namespace RegistryIndex.Server.Configuration;

/// <summary>Takes secrets out of settings before anybody sees them. In doubt it hides more.</summary>
internal static partial class Redaction
{
    private const string Hidden = "***";

    private static readonly string[] SecretWords = ["secret", "password", "passwd", "passphrase", "pwd", "token", "credential", "access_key"];

    /// <summary>The value as it may be shown: hidden where the key says so, else without the passwords inside it.</summary>
    public static string Redact(string key, string value)
    {
        if (value.Length == 0)
            return value;
        return IsSecret(key) ? Hidden : RedactParts(RedactUrl(value));
    }

    /// <summary>Whether the setting is the path of a file.</summary>
    public static bool IsFile(string key) => key.Equals("htpasswd", StringComparison.OrdinalIgnoreCase) || key.EndsWith("_file", StringComparison.OrdinalIgnoreCase);

    // A name anywhere in the path counts (`tokens:alice`), and the numbers of a list do not (`keys:0`).
    // Nor is the path of a file with secrets one.
    private static bool IsSecret(string key)
    {
        if (IsFile(key))
            return false;
        if (SecretWords.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase)))
            return true;
        var name = key.Split(ConfigurationPath.KeyDelimiter).LastOrDefault(part => !part.All(char.IsAsciiDigit), "");
        return name.EndsWith("key", StringComparison.OrdinalIgnoreCase) || name.EndsWith("keys", StringComparison.OrdinalIgnoreCase);
    }

    // scheme://user:password@host; a password may hold any character, so everything up to the last @ goes.
    private static string RedactUrl(string value)
    {
        var authority = value.IndexOf("://", StringComparison.Ordinal);
        var colon = authority < 0 ? -1 : value.IndexOf(':', authority + 3);
        var at = value.LastIndexOf('@');
        return colon >= 0 && at > colon ? $"{value[..(colon + 1)]}{Hidden}{value[at..]}" : value;
    }

    private static string RedactParts(string value) => SecretPart().Replace(value, part => part.Groups["name"].Value + Hidden);

    // Password=…; of a connection string, where the value may be quoted ("…" or '…') or braced ({…}) to hold a semicolon;
    // percent-encoded, as in an odbc_connect= of a URL, where it ends cannot be told.
    [GeneratedRegex("""
        (?<name>(?:password|passwd|passphrase|pwd|psw|secret|token|key)\s*(?:=\s*|(?<encoded>%3D)))
        (?(encoded) .*
        | (?: "(?:[^"]|"")*(?:"|$) | '(?:[^']|'')*(?:'|$) | \{(?:[^}]|\}\})*(?:\}|$) )? [^;]* )
        """, RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex SecretPart();
}
