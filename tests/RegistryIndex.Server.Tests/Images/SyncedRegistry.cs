using System.Text.Json.Nodes;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Images;

/// <summary>A real registry, and an index that commands sync with it, through its API or from its storage.</summary>
internal sealed class SyncedRegistry : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _settings = [];

    public required DockerRegistry Registry { get; init; }

    public required HandMadeImages Images { get; init; }

    /// <summary>The output of the last command.</summary>
    public ProcessResult Last { get; private set; } = null!;

    public static async Task<SyncedRegistry> StartAsync()
    {
        var registry = await DockerRegistry.StartAsync();
        return new() { Registry = registry, Images = new(registry.Address) };
    }

    /// <summary>Sets a setting for later commands.</summary>
    public void Set(string key, string value) => _settings.AddRange(["--set", $"{key}={value}"]);

    /// <summary>The file of a blob in the registry's storage.</summary>
    public string FileOf(JsonObject descriptor)
    {
        var hex = descriptor["digest"]!.GetValue<string>()["sha256:".Length..];
        return Path.Combine(Registry.RootDirectory, "docker/registry/v2/blobs/sha256", hex[..2], hex, "data");
    }

    /// <summary>The directory of a repository in the registry's storage.</summary>
    public string DirectoryOf(string name) => Path.Combine(Registry.RootDirectory, "docker/registry/v2/repositories", name);

    /// <summary>Runs a command with the index and one of the sources, and returns the content of the index.</summary>
    public async Task<Dictionary<string, string?>> RunAsync(string command, bool byApi, int exitCode = 0)
    {
        string[] index = ["--database", $"sqlite:///{_directory.Path}/{(byApi ? "api" : "storage")}.db"];
        Last = await RegistryIndexProcess.RunAsync(
            [command, .. index, .. byApi ? (string[])["--registry", $"http://{Registry.Address}"] : ["--storage-path", Registry.RootDirectory], .. _settings]);
        Last.ExitCode.Should().Be(exitCode, "it said: {0}", Last.Stderr);
        var export = await RegistryIndexProcess.RunAsync(["export", .. index]);
        return export.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .ToDictionary(row => row["name"]!.GetValue<string>(), row => row["description"]?.GetValue<string>(), StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        Images.Dispose();
        await Registry.DisposeAsync();
        _directory.Dispose();
    }
}
