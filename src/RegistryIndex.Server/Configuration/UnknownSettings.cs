namespace RegistryIndex.Server.Configuration;

/// <summary>
/// Finds settings that nobody reads and that look like one of ours misspelled. All other unknown keys are let be: the backends of others,
/// the Python docker-registry and .NET have settings in the same sources.
/// </summary>
internal static class UnknownSettings
{
    private static readonly string[] HostSections = ["Logging", "Logging:LogLevel", "Logging:Console"];

    /// <summary>What looks like a slip, one sentence each.</summary>
    public static IEnumerable<string> Find(IConfiguration layers) => layers is not IConfigurationRoot root ? [] : root.Providers.OfType<ISettingsLayer>()
        .SelectMany(layer => layer.Warnings.Concat(
            from key in layer.Keys
            let meant = FindMeant(key)
            where meant is not null
            group key by meant into same
            select $"{RepositoryName.Shown(same.First())} ({layer.SourceOf(same.First())}) is no setting, and has no effect: did you mean {same.Key}?"));

    /// <summary>The setting of ours that was probably meant by a key, which may be written as a part of it is; null for what is known, and what looks like none.</summary>
    public static string? FindMeant(string key)
    {
        if (KnownSettings.IsKnown(key) || ForeignSettings.Contains(key))
            return null;
        var path = key.Split(ConfigurationPath.KeyDelimiter);
        var name = string.Join(ConfigurationPath.KeyDelimiter, path.Reverse().SkipWhile(part => part.All(char.IsAsciiDigit)).Reverse()); // a list's
        if (KnownSettings.All.ContainsKey(name)) // no list, which is told otherwise
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
