using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace RegistryIndex.Deployment.Tests.Images;

/// <summary>The content of the image.</summary>
public sealed class ContentTests(ServerImage image) : IAsyncLifetime
{
    private readonly Dictionary<string, (UnixFileMode Mode, int Owner)> _files = [];
    private JsonNode _config = null!;

    public async ValueTask InitializeAsync()
    {
        var parts = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var archive = File.OpenRead(image.Archive);
        await foreach (var (name, content) in ReadAsync(archive))
            parts[name] = content;
        var manifest = JsonNode.Parse(parts["manifest.json"])![0]!;
        _config = JsonNode.Parse(parts[manifest["Config"]!.GetValue<string>()])!["config"]!;
        foreach (var layer in manifest["Layers"]!.AsArray().Select(layer => parts[layer!.GetValue<string>()]))
        {
            await using var tar = new TarReader(layer is [0x1f, 0x8b, ..] ? new GZipStream(new MemoryStream(layer), CompressionMode.Decompress) : new MemoryStream(layer));
            while (await tar.GetNextEntryAsync() is { } entry)
                _files[entry.Name.TrimStart('.').TrimEnd('/')] = (entry.Mode, entry.Uid);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void The_image_contains_the_program_its_notices_the_sample_and_a_volume_and_no_shell()
    {
        _files.Keys.Should().Contain(["/app/registry-index", "/app/LICENSE", "/app/THIRD-PARTY-NOTICES.txt", "/sample/docker/registry/v2/repositories"]);
        _files["/data"].Owner.Should().Be(1654);
        _files.Keys.Should().NotContain(name => name.StartsWith("/bin/", StringComparison.Ordinal) || name.StartsWith("/usr/bin/", StringComparison.Ordinal) || name.StartsWith("/usr/sbin/", StringComparison.Ordinal));
        _files.Keys.Should().Contain(name => name.Contains("libicuuc.so", StringComparison.Ordinal), "SQL Server's driver needs culture data");
    }

    [Fact]
    public void The_image_contains_only_redistributable_files() => _files.Keys.Should().NotContain(name =>
        name.Contains("msalruntime", StringComparison.OrdinalIgnoreCase) || name.Contains("Microsoft.Identity.Client.NativeInterop", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void The_image_has_a_user_a_default_command_a_port_and_labels()
    {
        _config["User"]!.GetValue<string>().Should().Be("1654");
        _config["Cmd"]!.ToJsonString().Should().Be("""["serve"]""");
        _config["ExposedPorts"]!["5080/tcp"].Should().NotBeNull();
        var labels = _config["Labels"]!.AsObject();
        labels["org.opencontainers.image.title"]!.GetValue<string>().Should().Be("RegistryIndex");
        labels["org.opencontainers.image.licenses"]!.GetValue<string>().Should().Be("Apache-2.0");
        labels.Select(label => label.Key).Should().Contain(["org.opencontainers.image.description", "org.opencontainers.image.version"]);
    }

    [Fact]
    public void The_image_is_at_most_95_MB_compressed() => new FileInfo(image.Archive).Length.Should().BeLessThan(95_000_000);

    private static async IAsyncEnumerable<(string Name, byte[] Content)> ReadAsync(Stream archive)
    {
        await using var tar = new TarReader(archive);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            using var content = new MemoryStream();
            await (entry.DataStream?.CopyToAsync(content) ?? Task.CompletedTask);
            yield return (entry.Name, content.ToArray());
        }
    }
}
