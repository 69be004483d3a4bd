namespace RegistryIndex.Server.Configuration;

/// <summary>A source of settings that knows where each of them was written.</summary>
internal interface ISettingsLayer
{
    /// <summary>The keys of the layer, as they are written.</summary>
    IEnumerable<string> Keys { get; }

    /// <summary>Returns where a setting of this layer was written, for people.</summary>
    string SourceOf(string key);

    /// <summary>Settings that were written there and have no effect, although they were probably meant to; one sentence each.</summary>
    IEnumerable<string> Warnings => [];
}

/// <summary>A layer that is its own provider: settings are read once, when the configuration is built.</summary>
internal abstract class SettingsLayer : ConfigurationProvider, IConfigurationSource, ISettingsLayer
{
    public IEnumerable<string> Keys => Data.Keys;

    public abstract string SourceOf(string key);

    public virtual IEnumerable<string> Warnings => [];

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}

/// <summary>Settings that need no reading: defaults, environment variables, the command line.</summary>
internal sealed class GivenSettings : SettingsLayer
{
    /// <summary>The name of the source of defaults.</summary>
    public const string Default = "default";

    private readonly Dictionary<string, string> _sources = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _warnings = [];

    /// <summary>Creates a layer from the settings of a configuration. .NET's own way to add one to another treats empty values as missing.</summary>
    public static GivenSettings Of(IConfiguration configuration)
    {
        var settings = new GivenSettings();
        foreach (var (key, value) in configuration.AsEnumerable().Where(setting => setting.Value is not null))
            settings.Add(key, value, WrittenSetting.Find(configuration, key)?.Source ?? "");
        return settings;
    }

    /// <summary>Adds a setting.</summary>
    /// <exception cref="ConfigurationMistakeException">Two sources have the same key, which ignores case.</exception>
    public void Add(string key, string? value, string source)
    {
        if (!_sources.TryAdd(key, source))
            throw new ConfigurationMistakeException($"The key '{RepositoryName.Shown(key)}' is set twice, by {_sources[key]} and by {source}; remove one of them.");
        Set(key, value ?? "");
    }

    /// <summary>Adds a sentence about a setting that has no effect.</summary>
    public void Warn(string sentence) => _warnings.Add(sentence);

    public override IEnumerable<string> Warnings => _warnings;

    public override string SourceOf(string key) => _sources[key];
}
