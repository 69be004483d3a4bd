namespace RegistryIndex.Server.Configuration;

/// <summary>
/// Checks all settings before anything is made of them, for every command in the same way, and gives them one form: of a list only what
/// its highest source says, booleans as <c>true</c> and <c>false</c>, and an empty number or boolean as if it were not there.
/// </summary>
internal static class SettingsCheck
{
    /// <summary>The settings that count, in their one form; each still knows where it was written.</summary>
    /// <exception cref="ConfigurationMistakeException">Settings are not what they must be; all that are wrong are named, each in a line of its own.</exception>
    public static IConfigurationRoot Settle(IConfiguration layers)
    {
        var settled = new GivenSettings();
        foreach (var (key, value) in layers.AsEnumerable())
        {
            if (value is not null && !KnownSettings.IsKnown(key))
                settled.Add(key, value, WrittenSetting.Find(layers, key)?.Source ?? "");
        }

        string[] mistakes = [.. HostSettings.FindMistakes(layers), .. FindSectionsWithValue(layers), .. KnownSettings.All.Values.SelectMany(setting => Settle(setting, WrittenSetting.Find(layers, setting.Key), settled))];
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
            yield return written.Sentence($"{below} is written there, too: remove one of the two");
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

    // `extensions: text` would be passed over without a word, and with it everything that was meant to be below it.
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
