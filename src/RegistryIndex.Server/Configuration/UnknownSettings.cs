namespace RegistryIndex.Server.Configuration;

/// <summary>
/// Finds unknown settings that look like a misspelled setting of this program. All other unknown keys are ignored: third-party providers,
/// the Python docker-registry and .NET have settings in the same sources.
/// </summary>
internal static class UnknownSettings
{
    private static readonly string[] HostSections = ["Logging", "Logging:LogLevel", "Logging:Console"];

    /// <summary>Returns the settings that look like typing mistakes, one sentence each.</summary>
    public static IEnumerable<string> Find(IConfiguration layers) => layers is not IConfigurationRoot root ? [] : root.Providers.OfType<ISettingsLayer>()
        .SelectMany(layer => layer.Warnings.Concat(
            from key in layer.Keys
            let meant = FindMeant(key)
            where meant is not null
            group key by meant into same
            select $"{RepositoryName.Shown(same.First())} ({layer.SourceOf(same.First())}) is not a setting, and has no effect: did you mean {same.Key}?"));

    /// <summary>
    /// Returns the setting that was probably meant by a key or by the part of it that is written; null when the key is known, or resembles
    /// none.
    /// </summary>
    public static string? FindMeant(string key)
    {
        if (KnownSettings.IsKnown(key) || ForeignSettings.Contains(key))
            return null;
        var path = key.Split(ConfigurationPath.KeyDelimiter);
        var name = string.Join(ConfigurationPath.KeyDelimiter, path.Reverse().SkipWhile(part => part.All(char.IsAsciiDigit)).Reverse()); // a list's
        if (KnownSettings.All.ContainsKey(name)) // not a list, which is reported elsewhere
            return null;
        if (Spelling.FindNearest(name, KnownSettings.All.Keys) is { } nearest)
            return nearest;
        foreach (var depth in Enumerable.Range(1, path.Length - 1))
        {
            var section = string.Join(ConfigurationPath.KeyDelimiter, path.Take(depth));
            if (HostSections.Contains(section, StringComparer.OrdinalIgnoreCase))
                continue;
            return Spelling.FindNearest(section, HostSections.Where(host => host.Split(ConfigurationPath.KeyDelimiter).Length == depth)) is { } host
                ? ConfigurationPath.Combine([host, .. path.Skip(depth)])
                : null;
        }

        return null;
    }
}
