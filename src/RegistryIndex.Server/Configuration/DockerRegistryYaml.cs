using System.Text;

namespace RegistryIndex.Server.Configuration;

/// <summary>The YAML configuration of the Python docker-registry as a source of settings: one file, one flavor.</summary>
/// <param name="file">The path of the file.</param>
/// <param name="flavor">The top-level key whose settings count.</param>
/// <param name="environment">Looks up an environment variable for <c>_env</c>; null when it is not set.</param>
internal sealed class DockerRegistryYaml(string file, string flavor, Func<string, string?> environment) : SettingsLayer
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The flavor where none is named.</summary>
    public const string DefaultFlavor = "dev";

    /// <summary>Reads the file.</summary>
    /// <exception cref="ConfigurationMistakeException">The file cannot be read, is no such configuration, or lacks the flavor.</exception>
    public override void Load() => Data = YamlFlavors.Read(file, ReadText(), flavor, environment);

    public override string SourceOf(string key) => $"{file}:{flavor}";

    private string ReadText()
    {
        try
        {
            using var stream = File.OpenRead(file);
            var bytes = new byte[MaxBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxBytes)
                throw new ConfigurationMistakeException($"The configuration file '{file}' is larger than 1 MiB; name the right file.");
            using var reader = new StreamReader(new MemoryStream(bytes, 0, length), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException error)
        {
            throw new ConfigurationMistakeException($"The configuration file '{file}' is not UTF-8 text; save it as UTF-8.", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationMistakeException($"The configuration file '{file}' does not exist; correct --config or DOCKER_REGISTRY_CONFIG.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ConfigurationMistakeException($"The configuration file '{file}' cannot be read ({error.Message.TrimEnd('.')}); name a file that this user may read.", error);
        }
    }
}
