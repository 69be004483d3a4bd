namespace RegistryIndex.Server.Configuration;

/// <summary>
/// Checks all settings before they are used, in the same way for every command, and converts them to a normal form: a list has only the
/// items of its highest source, booleans are <c>true</c> and <c>false</c>, and an empty number or boolean counts as not set.
/// </summary>
internal static class SettingsCheck
{
    /// <summary>Returns the effective settings in their normal form; each still knows its source.</summary>
    /// <exception cref="ConfigurationMistakeException">Settings are invalid; all of them are named, one a line.</exception>
    public static IConfigurationRoot Settle(IConfiguration layers)
    {
        var settled = new GivenSettings();
        foreach (var (key, value) in layers.AsEnumerable())
        {
            if (value is not null && !KnownSettings.IsKnown(key))
                settled.Add(key, value, WrittenSetting.Find(layers, key)?.Source ?? "");
        }

        string[] mistakes = [.. HostSettings.FindMistakes(layers), .. OpenTelemetryVariables.FindMistakes(layers), .. FindSectionsWithValue(layers), .. KnownSettings.All.Values.SelectMany(setting => Settle(setting, WrittenSetting.Find(layers, setting.Key), settled))];
        return mistakes.Length == 0
            ? new ConfigurationBuilder().Add(settled).Build()
            : throw new ConfigurationMistakeException(string.Join('\n', mistakes)) { IsExplained = true };
    }

    private static IEnumerable<string> Settle(KnownSetting setting, WrittenSetting? written, GivenSettings settled)
    {
        if (written is null || (written.IsMapping && setting.IsBlock))
            yield break;
        if (written is { Text: not null, Below: [var below, ..] } && !setting.IsBlock)
        {
            yield return written.Sentence($"{below} is set there, too: remove one of the two");
            yield break;
        }

        if (written.IsMapping || (written.IsList && !setting.IsJoined))
        {
            yield return written.Wrong(setting.IsJoined ? "one value or a list of values" : "one value");
            yield break;
        }

        var values = new List<string>();
        foreach (var item in written.Items)
        {
            if (item.Text is not { } text)
                yield return item.Wrong("one value");
            else if (string.IsNullOrWhiteSpace(text))
                values.AddRange(setting.MayBeEmpty ? [text] : []);
            else if (setting.Read(text, out var value) is { } allowed)
                yield return item.Wrong(allowed);
            else
                values.Add(value);
        }

        if (setting.IsJoined || values.Count > 0)
            settled.Add(setting.Key, string.Join(';', values), written.Source);
    }

    // Otherwise `extensions: text` would be ignored silently, with all settings that were meant to be below it.
    private static IEnumerable<string> FindSectionsWithValue(IConfiguration layers) =>
        from section in KnownSettings.All.Keys.SelectMany(SectionsOf).Distinct(StringComparer.OrdinalIgnoreCase)
        where !KnownSettings.All.ContainsKey(section)
        let written = WrittenSetting.Find(layers, section)
        where !string.IsNullOrEmpty(written?.Text)
        select written.Wrong($"a mapping, with settings such as {KnownSettings.All.Keys.First(key => SectionsOf(key).Contains(section))} below it");

    private static IEnumerable<string> SectionsOf(string key)
    {
        for (var section = ConfigurationPath.GetParentPath(key); section is not null; section = ConfigurationPath.GetParentPath(section))
            yield return section;
    }
}
