using System.Text;
using System.Text.Json;

namespace RegistryIndex.Sources.Images;

/// <summary>
/// Reads what images of a repository say of themselves: in annotations of the manifest, else in labels of its config; of an
/// index in its own annotations, else what its first image says that says something. OCI and Docker schema 2 are the same in
/// this; schema 1 has the labels in its newest history entry. One reader is for one look-up, whose requests it limits.
/// </summary>
internal sealed class ImageReader(IRepositoryImages images, DescriptionKeys keys)
{
    private const int MaxIndexes = 3; // one in another is legal and rare; nothing says that the blobs make no circle
    private const int MaxImages = 8; // of an index; its images nearly always say the same
    private const int MaxReads = 24;

    // What has no description of its own and shall take nobody's place.
    private const string CacheConfig = "application/vnd.buildkit.cacheconfig.v0";

    // Other entries of an index, such as the layers of a build cache, are no manifests, and registries fail when they are asked for them.
    private static readonly HashSet<string> ManifestTypes = new(StringComparer.Ordinal)
    {
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json", "application/vnd.oci.artifact.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v1+json", "application/vnd.docker.distribution.manifest.v1+prettyjws",
    };

    private List<(ImagePart Part, Digest Digest)> _lacking = [];
    private int _reads;

    /// <summary>Reads an image; one whose manifest or config is missing, too large or no JSON has a <see cref="Image.Problem"/>.</summary>
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
            return new(manifest.Digest, Description: null);
        if (keys.Find(root.Find("annotations")) is { } description)
            return new(manifest.Digest, description);
        return entries is { } children
            ? await ReadIndexAsync(manifest.Digest, children, indexesLeft, cancellationToken)
            : new(manifest.Digest, await ReadConfigAsync(root, cancellationToken));
    }

    private async Task<Image> ReadIndexAsync(Digest digest, JsonElement entries, int indexesLeft, CancellationToken cancellationToken)
    {
        if (indexesLeft == 0)
            throw new UnreadableImageException($"it is an index of indexes, more than {MaxIndexes} deep");
        var (found, isMissing, problem) = (0, false, default(string));
        foreach (var entry in entries.EnumerateArray().Where(IsImage).Take(MaxImages))
        {
            if (keys.Find(entry.Find("annotations")) is { } description)
                return new(digest, description);
            if (_reads >= MaxReads)
                break;
            try
            {
                var child = DigestOf(entry, "an image of the index");
                if (await ReadPartAsync(ImagePart.Manifest, child, cancellationToken) is not { } content)
                {
                    isMissing = true; // an index may be copied with some of its images only
                    continue;
                }

                found++;
                var image = await ReadAsync(new(child, content), indexesLeft - 1, cancellationToken);
                if (image.Description is not null)
                    return image with { Digest = digest };
                problem ??= image.Problem;
            }
            catch (UnreadableImageException error)
            {
                problem ??= error.Message;
            }
        }

        if (found == 0 && isMissing)
            problem ??= "it is an index, and none of its images is there";
        return new(digest, Description: null) { Problem = problem };
    }

    private async Task<string?> ReadConfigAsync(JsonElement manifest, CancellationToken cancellationToken)
    {
        if (manifest.Find("history") is { ValueKind: JsonValueKind.Array } history && history.GetArrayLength() > 0)
        {
            if (history[0].Find("v1Compatibility").AsText() is not { } newest)
                return null;
            using var entry = Json.Parse(Encoding.UTF8.GetBytes(newest), "the newest history entry of the manifest");
            return keys.Find(entry.RootElement.Find("config", "Labels"));
        }

        // Other artifacts have configs of their own, which need not even be JSON.
        if (manifest.Find("config") is not { } config || PlaceIn(config.Find("mediaType").AsText()) is not { } find || _reads >= MaxReads)
            return null;
        var digest = DigestOf(config, "the config of the manifest");
        var content = await ReadPartAsync(ImagePart.Config, digest, cancellationToken) ?? throw new UnreadableImageException($"the config {digest} is missing");
        using var document = Json.Parse(content, $"the config {digest}");
        return find(document.RootElement);
    }

    /// <summary>Where a config of that type has the description; null where it has none.</summary>
    private Func<JsonElement, string?>? PlaceIn(string? configType) => configType switch
    {
        null or "application/vnd.oci.image.config.v1+json" or "application/vnd.docker.container.image.v1+json" => config => keys.Find(config.Find("config", "Labels")),
        "application/vnd.cncf.helm.config.v1+json" or "application/vnd.docker.plugin.v1+json" => config => RepositoryDescription.FromIngest(config.Find("description").AsText()),
        _ => null,
    };

    private async Task<byte[]?> ReadPartAsync(ImagePart part, Digest digest, CancellationToken cancellationToken)
    {
        _reads++;
        _lacking.Add((part, digest));
        if (await images.ReadAsync(part, digest, cancellationToken) is not { } content)
            return null;
        if (!digest.IsOf(content))
            throw new UnreadableImageException($"the {part.Name} {digest} is not what its digest says");
        _lacking.RemoveAt(_lacking.Count - 1);
        return content;
    }

    private static bool IsCache(JsonElement manifest) => manifest.Find("config", "mediaType").AsText() == CacheConfig;

    // Builders add attestations to an index, which look like images of an unknown platform.
    private static bool IsImage(JsonElement entry) =>
        entry.Find("annotations", "vnd.docker.reference.type") is null
        && (entry.Find("platform", "os").AsText(), entry.Find("platform", "architecture").AsText()) is not ("unknown", "unknown")
        && (entry.Find("mediaType").AsText() is not { } type || ManifestTypes.Contains(type));

    private static Digest DigestOf(JsonElement descriptor, string what) =>
        Digest.TryParse(descriptor.Find("digest").AsText()) ?? throw new UnreadableImageException($"{what} has no valid digest");
}
