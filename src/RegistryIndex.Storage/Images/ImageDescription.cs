using System.Text.Json;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Images;

/// <summary>What an image is made of, as far as its description may be in it.</summary>
internal enum ImagePart
{
    /// <summary>A manifest, or an index of them.</summary>
    Manifest,

    /// <summary>The config that a manifest names.</summary>
    Config,
}

/// <summary>Reads a part of an image of at most <paramref name="limit"/> bytes; null when the registry does not have it.</summary>
internal delegate Task<TreeFile?> ReadImagePart(ImagePart part, Digest digest, int limit, CancellationToken cancellationToken);

/// <summary>
/// Reads what an image says of itself: the annotation <c>org.opencontainers.image.description</c> of its manifest, else
/// the label of that name in its config; of an index its own annotation, else what its first image says. OCI and Docker
/// schema 2 are the same in this; schema 1 has the labels in its newest history entry.
/// </summary>
internal sealed class ImageDescription(ReadImagePart read)
{
    public const int MaxManifest = 4 << 20; // what distribution takes at most
    public const int MaxConfig = 8 << 20;

    private const string Key = "org.opencontainers.image.description";
    private const int MaxIndexes = 3; // one in another is legal and rare; nothing says that the blobs make no circle

    /// <summary>The description, ready to be stored; null when there is none.</summary>
    /// <exception cref="UnreadableImageException">The manifest or the config is missing, too large or no JSON.</exception>
    public async Task<string?> ReadAsync(Digest digest, CancellationToken cancellationToken)
    {
        for (var indexes = 0; indexes <= MaxIndexes; indexes++)
        {
            using var document = await ReadJsonAsync(ImagePart.Manifest, digest, MaxManifest, cancellationToken);
            var manifest = document.RootElement;
            if (RepositoryDescription.FromIngest(manifest.Find("annotations", Key).AsText()) is { } description)
                return description;
            if (manifest.Find("manifests") is not { ValueKind: JsonValueKind.Array } images)
                return RepositoryDescription.FromIngest(await ReadLabelAsync(manifest, cancellationToken));
            if (FirstImage(images) is not { } image)
                return null;
            digest = DigestOf(image, "first image of the index");
        }

        throw new UnreadableImageException($"it is an index of indexes, more than {MaxIndexes} deep");
    }

    private async Task<string?> ReadLabelAsync(JsonElement manifest, CancellationToken cancellationToken)
    {
        if (manifest.Find("history") is { ValueKind: JsonValueKind.Array } history && history.GetArrayLength() > 0)
        {
            if (history[0].Find("v1Compatibility").AsText() is not { } newest)
                return null;
            using var entry = Json.Parse(System.Text.Encoding.UTF8.GetBytes(newest), "the newest history entry of the manifest");
            return Label(entry);
        }

        // Charts, signatures and other artifacts have configs of their own, which need not even be JSON.
        if (manifest.Find("config") is not { } config || config.Find("mediaType").AsText() is not (
            null or "application/vnd.oci.image.config.v1+json" or "application/vnd.docker.container.image.v1+json"))
            return null;
        using var document = await ReadJsonAsync(ImagePart.Config, DigestOf(config, "config of the manifest"), MaxConfig, cancellationToken);
        return Label(document);
    }

    private static string? Label(JsonDocument config) => config.RootElement.Find("config", "Labels", Key).AsText();

    // Builders add attestations to an index, which look like images of an unknown platform.
    private static JsonElement? FirstImage(JsonElement images)
    {
        foreach (var image in images.EnumerateArray())
        {
            if (image.Find("annotations", "vnd.docker.reference.type") is null)
                return image;
        }

        return null;
    }

    private static Digest DigestOf(JsonElement descriptor, string what) =>
        Digest.TryParse(descriptor.Find("digest").AsText()) ?? throw new UnreadableImageException($"the {what} has no valid digest");

    private async Task<JsonDocument> ReadJsonAsync(ImagePart part, Digest digest, int limit, CancellationToken cancellationToken)
    {
        var what = part == ImagePart.Manifest ? "manifest" : "config";
        if (await read(part, digest, limit, cancellationToken) is not { } file)
            throw new UnreadableImageException($"the {what} {digest} is not in the storage");
        return file.Content is { } content
            ? Json.Parse(content, $"the {what} {digest}")
            : throw new UnreadableImageException($"the {what} {digest} is larger than {limit >> 20} MiB");
    }
}
