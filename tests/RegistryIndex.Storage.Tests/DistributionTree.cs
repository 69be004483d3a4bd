using System.Security.Cryptography;
using System.Text;
using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;
using RegistryIndex.Storage.Trees;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Storage.Tests;

/// <summary>A hand-made storage of distribution, for cases that a real registry does not produce on request.</summary>
internal sealed class DistributionTree : IDisposable
{
    public const string Key = "org.opencontainers.image.description";
    private readonly TemporaryDirectory _directory = new();

    public DistributionTree() => Directory.CreateDirectory(Repositories);

    public string Path => _directory.Path;

    public string Repositories => System.IO.Path.Combine(Path, "docker", "registry", "v2", "repositories");

    public IRegistryStorage Storage => TestStorage.Of(new LocalTree(Path));

    /// <summary>Adds a repository with one tag, whose manifest has the description as an annotation.</summary>
    public void Add(string name, string? description = null, string tag = "latest") => Tag(name, tag, Blob(Manifest(description)));

    /// <summary>Points a tag to a digest, or to any other text.</summary>
    public void Tag(string name, string tag, string link, DateTime? written = null)
    {
        var directory = Directory.CreateDirectory(System.IO.Path.Combine(Repositories, name, "_manifests", "tags", tag, "current"));
        var file = System.IO.Path.Combine(directory.FullName, "link");
        File.WriteAllText(file, link);
        if (written is { } time)
            File.SetLastWriteTimeUtc(file, time);
    }

    public string Blob(string content) => Blob(Encoding.UTF8.GetBytes(content));

    public string Blob(byte[] content)
    {
        var hex = Convert.ToHexStringLower(SHA256.HashData(content));
        BlobAt($"sha256/{hex[..2]}/{hex}", content);
        return $"sha256:{hex}";
    }

    public void BlobAt(string path, byte[] content)
    {
        var directory = Directory.CreateDirectory(System.IO.Path.Combine(Path, "docker", "registry", "v2", "blobs", path));
        File.WriteAllBytes(System.IO.Path.Combine(directory.FullName, "data"), content);
    }

    /// <summary>Adds a manifest with an annotation and a config with a label.</summary>
    public string Manifest(string? annotation = null, string? label = null, string configType = "application/vnd.oci.image.config.v1+json") => $$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","layers":[],
         "config":{"mediaType":"{{configType}}","digest":"{{Blob(Config(label))}}","size":1},"annotations":{{Described(annotation)}}}
        """;

    public static string Config(string? label) => $$"""{"os":"linux","architecture":"amd64","config":{"Labels":{{Described(label)}} } }""";

    public static string Described(string? description) => description is null ? "null" : $$"""{"{{Key}}":"{{description}}"}""";

    /// <summary>Reads all repositories without facts, and expects no problems.</summary>
    public async Task<List<Repository>> ReadAsync()
    {
        var all = await Storage.ReadAllAsync();
        all.Where(stored => stored.Problem is not null).Should().BeEmpty();
        return [.. all.Select(stored => stored.Repository.WithoutFacts())];
    }

    public async Task<StoredRepository> ReadOnlyOneAsync() => (await Storage.ReadAllAsync()).Single();

    public void Dispose() => _directory.Dispose();
}

internal static class TestStorage
{
    public static RegistryStorage Of(IStorageTree tree) => new(tree, new(DescriptionKeys.Default));

    public static async Task<List<StoredRepository>> ReadAllAsync(this IRegistryStorage storage, string? after = null) =>
        await storage.ReadAsync(after, cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
}
