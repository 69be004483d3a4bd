using System.Globalization;

namespace RegistryIndex.Server.Configuration;

/// <summary>
/// Checks the settings of .NET's own host. Settings that would open ports or trust addresses without our checks are refused, and settings
/// that would otherwise fail at their first use are checked.
/// </summary>
internal static class HostSettings
{
    /// <summary>Whether the setting is a logging setting that this server supports.</summary>
    public static bool IsKnown(string key) =>
        key.StartsWith("Logging:LogLevel:", StringComparison.OrdinalIgnoreCase) || key.StartsWith("Logging:Console:", StringComparison.OrdinalIgnoreCase);

    private static readonly string[] Levels = Enum.GetNames<LogLevel>();

    private static readonly (string Key, string Instead)[] Refused =
    [
        ("Kestrel", "write where to listen as urls, and its certificate as tls_certificate_file and tls_key_file"),
        ("http_ports", "write where to listen as urls"),
        ("https_ports", "write where to listen as urls"),
        ("server:urls", "write where to listen as urls"),
        ("hostingStartupAssemblies", "name a provider of your own as search_backend"),
        ("ForwardedHeaders_Enabled", "list trusted proxies in trusted_proxies"),
    ];

    /// <summary>Returns what is wrong with the settings, one sentence each.</summary>
    public static IEnumerable<string> FindMistakes(IConfiguration layers) => FindRefused(layers).Concat(layers.AsEnumerable()
        .Where(setting => setting.Key.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(setting.Value))
        .Select(setting => (setting.Key, Allowed: AllowedInLogging(setting.Key.Split(ConfigurationPath.KeyDelimiter), setting.Value!)))
        .Where(setting => setting.Allowed is not null)
        .Select(setting => WrittenSetting.Find(layers, setting.Key)!.Wrong(setting.Allowed!)));

    private static IEnumerable<string> FindRefused(IConfiguration layers) =>
        from refused in Refused
        let written = WrittenSetting.Find(layers, refused.Key)
        where written is not null && (written.Text is null || !string.IsNullOrWhiteSpace(written.Text))
        select $"{refused.Key}{(written.Source.Length == 0 ? "" : $" ({written.Source})")} is a setting of the web server that bypasses the checks of this program: remove it, and {refused.Instead}.";

    // Without this check, a wrong value throws when the first line is logged.
    private static string? AllowedInLogging(string[] path, string value)
    {
        if (path[^1].Equals("LogLevel", StringComparison.OrdinalIgnoreCase))
            return "a mapping, with settings such as Logging:LogLevel:Default below it";
        if (path.Contains("LogLevel", StringComparer.OrdinalIgnoreCase))
            return Levels.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"one of {string.Join(", ", Levels)}";
        return path[^1].ToUpperInvariant() switch
        {
            "INCLUDESCOPES" or "SINGLELINE" or "USEUTCTIMESTAMP" or "DISABLECOLORS" or "CAPTURESCOPES" => bool.TryParse(value, out _) ? null : "true or false",
            "LOGTOSTANDARDERRORTHRESHOLD" => Levels.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"one of {string.Join(", ", Levels)}",
            "MAXQUEUELENGTH" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > 0 ? null : "a whole number from 1 on",
            "FORMATTERNAME" => value.Equals("simple", StringComparison.OrdinalIgnoreCase) ? null : "simple, as this server writes its log in one format",
            "QUEUEFULLMODE" => OneOf<Microsoft.Extensions.Logging.Console.ConsoleLoggerQueueFullMode>(value),
            "COLORBEHAVIOR" => OneOf<Microsoft.Extensions.Logging.Console.LoggerColorBehavior>(value),
            "TIMESTAMPFORMAT" => IsTimeFormat(value) ? null : "a format of date and time, such as 'HH:mm:ss '",
            _ => null,
        };
    }

    private static string? OneOf<T>(string value)
        where T : struct, Enum => KnownSetting.IsNameOf(typeof(T), value) ? null : $"one of {string.Join(", ", Enum.GetNames<T>())}";

    private static bool IsTimeFormat(string format)
    {
        try
        {
            return DateTimeOffset.UnixEpoch.ToString(format, CultureInfo.InvariantCulture).Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
