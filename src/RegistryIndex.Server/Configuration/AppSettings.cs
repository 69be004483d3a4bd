using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;
using RegistryIndex.Server.Files;

namespace RegistryIndex.Server.Configuration;

/// <summary>Reads an <c>appsettings.json</c>, which is optional.</summary>
/// <param name="directory">The absolute path of its directory.</param>
/// <param name="file">Its name.</param>
internal sealed class AppSettings(string directory, string file) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        return new Layer(Path.Combine(directory, file), file);
    }

    private sealed class Layer(string path, string file) : JsonConfigurationProvider(new JsonConfigurationSource { Optional = true }), ISettingsLayer
    {
        public IEnumerable<string> Keys => Data.Keys;

        public string SourceOf(string key) => file;

        public override void Load()
        {
            if (!Path.Exists(path))
                return;
            using var stream = GivenFile.OpenToRead(path, "The file of settings");
            if (stream.Length > YamlText.MaxBytes) // it would be in memory several times
                throw new ConfigurationMistakeException($"{file} is larger than 1 MiB: keep only settings in it, or change to another working directory (cd).");
            try
            {
                Load(stream);
            }
            catch (Exception error) when (error is FormatException or IOException)
            {
                throw Mistake(error);
            }

            // Null means present but empty, as in the YAML file.
            foreach (var key in Data.Where(setting => setting.Value is null).Select(setting => setting.Key).ToList())
                Data[key] = "";
        }

        private ConfigurationMistakeException Mistake(Exception error) => error.GetBaseException() switch
        {
            JsonException { LineNumber: { } line } => new($"{file}, line {line + 1}: this is not valid JSON; correct it.", error),
            FormatException format => new($"{file}: {RepositoryName.Shown(format.Message.TrimEnd('.'))}; correct it.", error),
            var cause => new($"{file} cannot be read: {GivenFile.ProblemOf(cause)}.", error),
        };
    }
}
