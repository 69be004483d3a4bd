namespace RegistryIndex.Server.Configuration;

/// <summary>A setting as written in the highest source that has its key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Text">The value; null when the key has only settings below it, which make it a list or a mapping.</param>
/// <param name="Below">The keys directly below it, in order.</param>
/// <param name="Layer">The source.</param>
internal sealed record WrittenSetting(string Key, string? Text, IReadOnlyList<string> Below, IConfigurationProvider Layer)
{
    /// <summary>Whether several values are written, under numbers as in a list.</summary>
    public bool IsList => Text is null && Below.All(key => ConfigurationPath.GetSectionKey(key).All(char.IsAsciiDigit));

    /// <summary>Whether settings with names are below the key instead of a value.</summary>
    public bool IsMapping => Text is null && !IsList;

    /// <summary>The items of the list, or the setting itself when it is not a list.</summary>
    public IEnumerable<WrittenSetting> Items => Text is null ? Below.Select(key => TryRead(Layer, key)!) : [this];

    /// <summary>Where the setting was written, for people; empty when that is not known.</summary>
    public string Source
    {
        get
        {
            if (Layer is not ISettingsLayer known)
                return "";
            var written = known.Keys.FirstOrDefault(other => other.Equals(Key, StringComparison.OrdinalIgnoreCase) || other.StartsWith(Key + ConfigurationPath.KeyDelimiter, StringComparison.OrdinalIgnoreCase));
            return written is null ? "" : known.SourceOf(written);
        }
    }

    /// <summary>Finds a setting; null when no source has its key.</summary>
    public static WrittenSetting? Find(IConfiguration configuration, string key) => LayersOf(configuration).Select(layer => TryRead(layer, key)).FirstOrDefault(setting => setting is not null);

    /// <summary>Returns one sentence that says that the value is invalid.</summary>
    /// <param name="allowed">What it must be.</param>
    public string Wrong(string allowed) => Sentence($"must be {allowed}");

    /// <summary>Returns a sentence with the value, where it was written, and more text.</summary>
    /// <param name="more">What follows the word "and", without a full stop.</param>
    public string Sentence(string more) => $"{RepositoryName.Shown(Key)} is {(IsMapping ? "a mapping" : IsList ? "a list" : $"'{Shown}'")}{(Source.Length == 0 ? "" : $" ({Source})")}, and {more}.";

    /// <summary>The value, formatted for a sentence.</summary>
    public string Shown => RepositoryName.Shown(Redaction.Redact(Key, Text ?? ""));

    private static WrittenSetting? TryRead(IConfigurationProvider layer, string key)
    {
        var isThere = layer.TryGet(key, out var text);
        string[] below = [.. layer.GetChildKeys([], key).Distinct(StringComparer.OrdinalIgnoreCase).Order(ConfigurationKeyComparer.Instance).Select(name => ConfigurationPath.Combine(key, name))];
        return isThere || below.Length > 0 ? new(key, text, below, layer) : null;
    }

    // Highest first.
    private static IEnumerable<IConfigurationProvider> LayersOf(IConfiguration configuration) => configuration is IConfigurationRoot root ? root.Providers.Reverse() : [];
}
