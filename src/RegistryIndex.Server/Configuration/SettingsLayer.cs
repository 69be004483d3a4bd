namespace RegistryIndex.Server.Configuration;

/// <summary>A source of settings that can tell where each of them was written.</summary>
internal interface ISettingsLayer
{
    /// <summary>The keys of the layer, as they are written.</summary>
    IEnumerable<string> Keys { get; }

    /// <summary>Where a setting of this layer comes from, for people.</summary>
    string SourceOf(string key);
}

/// <summary>A layer that is its own provider: settings are read once, when the configuration is built.</summary>
internal abstract class SettingsLayer : ConfigurationProvider, IConfigurationSource, ISettingsLayer
{
    public IEnumerable<string> Keys => Data.Keys;

    public abstract string SourceOf(string key);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}

/// <summary>Settings that are at hand: defaults, environment variables, the command line.</summary>
internal sealed class GivenSettings : SettingsLayer
{
    private readonly Dictionary<string, string> _sources = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a setting.</summary>
    /// <exception cref="ConfigurationMistakeException">Two sources name the same key, whose case does not count.</exception>
    public void Add(string key, string? value, string source)
    {
        if (!_sources.TryAdd(key, source))
            throw new ConfigurationMistakeException($"The key '{RepositoryName.Shown(key)}' is set twice, by {_sources[key]} and by {source}; remove one of them.");
        Set(key, value ?? "");
    }

    public override string SourceOf(string key) => _sources[key];
}
