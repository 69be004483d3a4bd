using RegistryIndex.Server.Files;

namespace RegistryIndex.Server.Configuration;

/// <summary>The YAML configuration of the Python docker-registry as a source of settings: one file, one flavor.</summary>
/// <param name="file">The path of the file.</param>
/// <param name="flavor">The top-level key whose settings are used.</param>
/// <param name="environment">Looks up an environment variable for <c>_env</c>; null when it is not set.</param>
/// <param name="open">Opens the file, given its kind for messages; by default only regular files.</param>
internal sealed class DockerRegistryYaml(string file, string flavor, Func<string, string?> environment, Func<string, string, Stream>? open = null) : SettingsLayer
{
    /// <summary>The default flavor.</summary>
    public const string DefaultFlavor = "dev";

    private YamlSettings _read = new();

    public override IEnumerable<string> Warnings => _read.Warnings;

    /// <summary>Reads the file.</summary>
    /// <exception cref="ConfigurationMistakeException">The file cannot be read, is not such a configuration, or does not have the flavor.</exception>
    public override void Load()
    {
        _read = YamlFlavors.Read(file, YamlText.Read(file, open ?? GivenFile.OpenToRead), flavor, environment);
        Data = _read.Values;
    }

    public override string SourceOf(string key) => $"{file}:{flavor}{(_read.Lines.TryGetValue(key, out var line) ? $", line {line}" : "")}";
}
