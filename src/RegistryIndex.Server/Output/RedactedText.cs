using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace RegistryIndex.Server.Output;

/// <summary>Takes passwords out of texts before anybody sees them. In doubt it hides more.</summary>
internal static partial class RedactedText
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Hidden = "***";

    private static readonly string[] SecretWords = ["secret", "password", "passwd", "passphrase", "pwd", "token", "credential", "access_key"];

    // Of URLs and connection strings; a name that is none of these may be that of a password, written wrongly.
    private static readonly FrozenSet<string> HarmlessNames = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "address", "addr", "applicationname", "cache", "commandtimeout", "connecttimeout", "connectiontimeout", "database", "datasource", "dbname", "driver", "encrypt", "endpoint",
        "foreignkeys", "host", "hostaddr", "initialcatalog", "integratedsecurity", "keepalive", "maxpoolsize", "minpoolsize", "mode", "multisubnetfailover", "networkaddress", "pooling",
        "port", "region", "repositorytable", "rootcertificate", "searchpath", "searchtable", "server", "sslmode", "sslrootcert", "timeout", "trustedconnection", "trustservercertificate",
        "uid", "user", "userid", "username", "versiontable");

    /// <summary>A text without the passwords inside it.</summary>
    public static string Of(string text) => RedactParts(RedactUrl(text));

    /// <summary>Whether the setting is the path of a file.</summary>
    public static bool IsFile(string key) => key.Equals("htpasswd", StringComparison.OrdinalIgnoreCase) || key.EndsWith("_file", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a setting is a secret, by its key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="areKeysSecret">Whether what is called keys are such of locks.</param>
    // A name anywhere in the path counts (`tokens:alice`), and the numbers of a list do not (`keys:0`).
    // Nor is the path of a file with secrets one.
    public static bool IsSecret(string key, bool areKeysSecret = true)
    {
        if (IsFile(key))
            return false;
        if (SecretWords.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase)))
            return true;
        var name = key.Split(ConfigurationPath.KeyDelimiter).LastOrDefault(part => !part.All(char.IsAsciiDigit), "");
        return name.EndsWith("key", StringComparison.OrdinalIgnoreCase) || (areKeysSecret && name.EndsWith("keys", StringComparison.OrdinalIgnoreCase));
    }

    // scheme://user:password@host, also with the scheme forgotten; a password may hold any character, so everything up to the last @ goes.
    // A user without a password is a token where the scheme is the web's.
    private static string RedactUrl(string value)
    {
        var scheme = value.IndexOf("://", StringComparison.Ordinal);
        var start = scheme < 0 ? 0 : scheme + "://".Length;
        var at = value.LastIndexOf('@');
        if (at < start)
            return value;
        if (scheme >= 0 && value[..scheme].TrimStart() is var name && (name.Equals("http", StringComparison.OrdinalIgnoreCase) || name.Equals("https", StringComparison.OrdinalIgnoreCase)))
            return $"{value[..start]}{Hidden}{value[at..]}";
        return Colon().Match(value, start) is { Success: true } colon && colon.Index < at ? $"{value[..(colon.Index + colon.Length)]}{Hidden}{value[at..]}" : value;
    }

    // A harmless one ends where the next of a URL begins; of all others no character can be told not to belong to the password.
    private static string RedactParts(string value) => Part().Replace(value, part =>
    {
        var (name, text) = (part.Groups["name"].Value, part.Groups["value"].Value);
        if (!IsHarmless(name.Split('=')[0]))
            return name + Hidden;
        var next = text.IndexOf('&', StringComparison.Ordinal);
        var own = next < 0 ? text : text[..next];
        return own.Contains('=', StringComparison.Ordinal) ? name + Hidden : name + own + (next < 0 ? "" : RedactParts(text[next..]));
    });

    // A path may hold '=', too.
    private static bool IsHarmless(string name) => name.Contains('/', StringComparison.Ordinal)
        ? !IsSecret(name.Trim())
        : HarmlessNames.Contains(string.Concat(name.Where(char.IsAsciiLetterOrDigit)));

    [GeneratedRegex(":|%3A", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Colon();

    // name=value of a connection string or URL; the value may be quoted ("…" or '…') or braced ({…}) to hold a semicolon.
    [GeneratedRegex("""
        (?<=\A|[;?&]) (?<name>[^=;?&]+ =\s*)
        (?<value> (?: "(?:[^"]|"")*(?:"|$) | '(?:[^']|'')*(?:'|$) | \{(?:[^}]|\}\})*(?:\}|$) )? [^;]* )
        """, RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
