using System.Text;
using System.Text.Json;

namespace RegistryIndex.Sources.Images;

/// <summary>
/// Reads the descriptions and facts of a repository's images. An image's description is in the annotations of its manifest, else in the
/// labels of its config. An index's description is in its own annotations, else the first one found among its images, that of linux/amd64
/// before the others. OCI and Docker schema 2 are alike in this; schema 1 has the labels in its newest history entry. Use one reader for
/// each look-up: it limits the requests of the look-up.
/// </summary>
internal sealed class ImageReader(IRepositoryImages images, DescriptionKeys keys)
{
    private const int MaxIndexes = 3; // an index in an index is legal and rare; blobs may form a circle
    private const int MaxImages = 8; // of an index; its images nearly always have the same description
    private const int MaxReads = 24;
    private const string PreferredPlatform = "linux/amd64";

    // A build cache has no description of its own and must not replace another tag's.
    private const string CacheConfig = "application/vnd.buildkit.cacheconfig.v0";

    // Other entries of an index, such as the layers of a build cache, are not manifests, and registries fail when asked for them as such.
    private static readonly HashSet<string> ManifestTypes = new(StringComparer.Ordinal)
    {
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json", "application/vnd.oci.artifact.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v1+json", "application/vnd.docker.distribution.manifest.v1+prettyjws",
    };

    private List<(ImagePart Part, Digest Digest)> _lacking = [];
    /// <summary>How many manifests and configs below the images were read.</summary>
    public int PartsRead { get; private set; }

    /// <summary>
    /// Reads an image. When its manifest or config is missing, too large or not JSON, the result has a <see cref="Image.Problem"/>.
    /// </summary>
    /// <exception cref="RegistrySourceException">The source cannot be read at the moment.</exception>
    public async Task<Image> ReadAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        _lacking = [];
        Image image;
        try
        {
            image = await ReadAsync(manifest, MaxIndexes, cancellationToken);
        }
        catch (UnreadableImageException error)
        {
            image = new(manifest.Digest, Description: null) { Problem = error.Message };
        }

        return image with { Lacking = _lacking };
    }

    private async Task<Image> ReadAsync(Manifest manifest, int indexesLeft, CancellationToken cancellationToken)
    {
        using var document = Json.Parse(manifest.Content, $"the manifest {manifest.Digest}");
        var root = document.RootElement;
        var entries = root.Find("manifests") is { ValueKind: JsonValueKind.Array } array ? array : (JsonElement?)null;
        if (IsCache(root) || entries?.EnumerateArray().Any(entry => entry.Find("mediaType").AsText() == CacheConfig) == true)
            return new(manifest.Digest, Description: null) { Facts = ImageFacts.OfImage(manifest.Digest, root, config: null) with { Kind = ArtifactKind.Artifact } };
        var description = keys.Find(root.Find("annotations"));
        return entries is { } children
            ? await ReadIndexAsync(manifest.Digest, root, children, description, indexesLeft, cancellationToken)
            : await ReadImageAsync(manifest.Digest, root, description, cancellationToken);
    }

    // One image is read for the facts, also where the index has a description; others only while there is no description.
    private async Task<Image> ReadIndexAsync(Digest digest, JsonElement root, JsonElement entries, string? description, int indexesLeft, CancellationToken cancellationToken)
    {
        if (indexesLeft == 0)
            throw new UnreadableImageException($"it is an index of indexes, more than {MaxIndexes} deep");
        var children = entries.EnumerateArray().Where(IsImage).OrderBy(entry => ImageFacts.PlatformOf(entry.Find("platform")) == PreferredPlatform ? 0 : 1).ToList();
        var (found, isMissing, problem, facts) = (0, false, default(string), default(RepositoryFacts));
        foreach (var entry in children.Take(MaxImages))
        {
            var said = description ?? keys.Find(entry.Find("annotations"));
            if ((said is not null && facts is not null) || PartsRead >= MaxReads)
            {
                description = said;
                break;
            }

            try
            {
                var child = DigestOf(entry, "an image of the index");
                if (await ReadPartAsync(ImagePart.Manifest, child, cancellationToken) is { } content)
                {
                    found++;
                    var image = await ReadAsync(new(child, content), indexesLeft - 1, cancellationToken);
                    facts ??= image.Facts;
                    said ??= image.Description;
                    problem ??= image.Problem;
                }
                else
                {
                    isMissing = true; // an index may be copied with some of its images only
                }
            }
            catch (UnreadableImageException error)
            {
                problem ??= error.Message;
            }

            description = said;
            if (description is not null && facts is not null)
                break;
        }

        if (found == 0 && isMissing)
            problem ??= "it is an index, and none of its images exists";
        return new(digest, description) { Problem = description is null ? problem : null, Facts = ImageFacts.OfIndex(digest, root, entries.EnumerateArray().Where(IsImage), facts) };
    }

    private async Task<Image> ReadImageAsync(Digest digest, JsonElement root, string? description, CancellationToken cancellationToken)
    {
        var type = root.Find("config", "mediaType").AsText();
        try
        {
            using var config = await ReadConfigAsync(root, type, cancellationToken);
            return new(digest, description ?? DescriptionIn(config?.RootElement, type)) { Facts = ImageFacts.OfImage(digest, root, config?.RootElement) };
        }
        catch (UnreadableImageException) when (description is not null || !(ImageFacts.IsImageConfig(type) || ImageFacts.IsPackageConfig(type)))
        {
            return new(digest, description) { Facts = ImageFacts.OfImage(digest, root, config: null) }; // the config could only have added facts
        }
    }

    private async Task<JsonDocument?> ReadConfigAsync(JsonElement manifest, string? type, CancellationToken cancellationToken)
    {
        if (manifest.Find("history") is { ValueKind: JsonValueKind.Array } history && history.GetArrayLength() > 0)
            return history[0].Find("v1Compatibility").AsText() is { } newest ? Json.Parse(Encoding.UTF8.GetBytes(newest), "the newest history entry of the manifest") : null;
        if (manifest.Find("config") is not { } config || !ImageFacts.IsReadable(type) || PartsRead >= MaxReads)
            return null;
        var digest = DigestOf(config, "the config of the manifest");
        var content = await ReadPartAsync(ImagePart.Config, digest, cancellationToken) ?? throw new UnreadableImageException($"the config {digest} is missing");
        return Json.Parse(content, $"the config {digest}");
    }

    private string? DescriptionIn(JsonElement? config, string? type) =>
        ImageFacts.IsImageConfig(type) ? keys.Find(config?.Find("config", "Labels"))
        : ImageFacts.IsPackageConfig(type) ? RepositoryDescription.FromIngest(config?.Find("description").AsText())
        : null;

    private async Task<byte[]?> ReadPartAsync(ImagePart part, Digest digest, CancellationToken cancellationToken)
    {
        PartsRead++;
        _lacking.Add((part, digest));
        if (await images.ReadAsync(part, digest, cancellationToken) is not { } content)
            return null;
        if (!digest.IsOf(content))
            throw new UnreadableImageException($"the {part.Name} {digest} does not match its digest");
        _lacking.RemoveAt(_lacking.Count - 1);
        return content;
    }

    private static bool IsCache(JsonElement manifest) => manifest.Find("config", "mediaType").AsText() == CacheConfig;

    // Builders add attestations to an index; these look like images of an unknown platform.
    private static bool IsImage(JsonElement entry) =>
        entry.Find("annotations", "vnd.docker.reference.type") is null
        && (entry.Find("platform", "os").AsText(), entry.Find("platform", "architecture").AsText()) is not ("unknown", "unknown")
        && (entry.Find("mediaType").AsText() is not { } type || ManifestTypes.Contains(type));

    private static Digest DigestOf(JsonElement descriptor, string what) =>
        Digest.TryParse(descriptor.Find("digest").AsText()) ?? throw new UnreadableImageException($"{what} has no valid digest");
}
