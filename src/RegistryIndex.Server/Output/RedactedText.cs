using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace RegistryIndex.Server.Output;

/// <summary>Removes passwords from texts before they are shown. In doubt it hides more.</summary>
internal static partial class RedactedText
{
    /// <summary>The text that replaces a secret.</summary>
    public const string Hidden = "***";

    private static readonly string[] SecretWords = ["secret", "password", "passwd", "passphrase", "pwd", "token", "credential", "access_key"];

    // Names in URLs and connection strings; any other name may be a misspelled name of a password.
    private static readonly FrozenSet<string> HarmlessNames = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "address", "addr", "applicationname", "cache", "commandtimeout", "connecttimeout", "connectiontimeout", "database", "datasource", "dbname", "driver", "encrypt", "endpoint",
        "foreignkeys", "host", "hostaddr", "initialcatalog", "integratedsecurity", "keepalive", "maxpoolsize", "minpoolsize", "mode", "multisubnetfailover", "networkaddress", "pooling",
        "port", "region", "repositorytable", "rootcertificate", "searchpath", "searchtable", "server", "sslmode", "sslrootcert", "timeout", "trustedconnection", "trustservercertificate",
        "uid", "user", "userid", "username", "versiontable");

    /// <summary>Returns a text without the passwords inside it.</summary>
    public static string Of(string text) => RedactParts(RedactUrl(text));

    /// <summary>Whether the setting is the path of a file.</summary>
    public static bool IsFile(string key) => key.Equals("htpasswd", StringComparison.OrdinalIgnoreCase) || key.EndsWith("_file", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a setting is a secret, by its key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="areKeysSecret">Whether a name such as "keys" means secret keys.</param>
    // A name anywhere in the path counts (`tokens:alice`), but the numbers of a list do not (`keys:0`). The path of a file with secrets is
    // not a secret.
    public static bool IsSecret(string key, bool areKeysSecret = true)
    {
        if (IsFile(key))
            return false;
        if (SecretWords.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase)))
            return true;
        var name = key.Split(ConfigurationPath.KeyDelimiter).LastOrDefault(part => !part.All(char.IsAsciiDigit), "");
        return name.EndsWith("key", StringComparison.OrdinalIgnoreCase) || (areKeysSecret && name.EndsWith("keys", StringComparison.OrdinalIgnoreCase));
    }

    // scheme://user:password@host, also without the scheme; a password may have any character, so everything up to the last @ is hidden. With
    // a web scheme, a user without a password is a token.
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

    // A harmless value ends where the next value of a URL begins; of all others, any character may belong to the password.
    private static string RedactParts(string value) => Part().Replace(value, part =>
    {
        var (name, text) = (part.Groups["name"].Value, part.Groups["value"].Value);
        if (!IsHarmless(name.Split('=')[0]))
            return name + Hidden;
        var next = text.IndexOf('&', StringComparison.Ordinal);
        var own = next < 0 ? text : text[..next];
        return own.Contains('=', StringComparison.Ordinal) ? name + Hidden : name + own + (next < 0 ? "" : RedactParts(text[next..]));
    });

    // A path may contain '=' too.
    private static bool IsHarmless(string name) => name.Contains('/', StringComparison.Ordinal)
        ? !IsSecret(name.Trim())
        : HarmlessNames.Contains(string.Concat(name.Where(char.IsAsciiLetterOrDigit)));

    [GeneratedRegex(":|%3A", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Colon();

    // name=value of a connection string or URL; the value may be quoted ("…" or '…') or braced ({…}) to contain a semicolon.
    [GeneratedRegex("""
        (?<=\A|[;?&]) (?<name>[^=;?&]+ =\s*)
        (?<value> (?: "(?:[^"]|"")*(?:"|$) | '(?:[^']|'')*(?:'|$) | \{(?:[^}]|\}\})*(?:\}|$) )? [^;]* )
        """, RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
