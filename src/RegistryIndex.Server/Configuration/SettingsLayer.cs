namespace RegistryIndex.Server.Configuration;

/// <summary>A source of settings that can tell where each of them was written.</summary>
internal interface ISettingsLayer
{
    /// <summary>The keys of the layer, as they are written.</summary>
    IEnumerable<string> Keys { get; }

    /// <summary>Where a setting of this layer comes from, for people.</summary>
    string SourceOf(string key);

    /// <summary>What else was written there and has no effect though it was probably meant to, one sentence each.</summary>
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

/// <summary>Settings that are at hand: defaults, environment variables, the command line.</summary>
internal sealed class GivenSettings : SettingsLayer
{
    /// <summary>The source of what nobody has set.</summary>
    public const string Default = "default";

    private readonly Dictionary<string, string> _sources = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _warnings = [];

    /// <summary>The settings of a configuration. .NET's own way to add one to another takes what is empty for what is not there.</summary>
    public static GivenSettings Of(IConfiguration configuration)
    {
        var settings = new GivenSettings();
        foreach (var (key, value) in configuration.AsEnumerable().Where(setting => setting.Value is not null))
            settings.Add(key, value, WrittenSetting.Find(configuration, key)?.Source ?? "");
        return settings;
    }

    /// <summary>Adds a setting.</summary>
    /// <exception cref="ConfigurationMistakeException">Two sources name the same key, whose case does not count.</exception>
    public void Add(string key, string? value, string source)
    {
        if (!_sources.TryAdd(key, source))
            throw new ConfigurationMistakeException($"The key '{RepositoryName.Shown(key)}' is set twice, by {_sources[key]} and by {source}; remove one of them.");
        Set(key, value ?? "");
    }

    /// <summary>Notes what has no effect.</summary>
    public void Warn(string sentence) => _warnings.Add(sentence);

    public override IEnumerable<string> Warnings => _warnings;

    public override string SourceOf(string key) => _sources[key];
}
