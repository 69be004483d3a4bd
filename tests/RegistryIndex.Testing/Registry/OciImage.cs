using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace RegistryIndex.Testing.Registry;

/// <summary>Writes the smallest images that registries and their clients accept, as OCI layouts on disk.</summary>
public static class OciImage
{
    private const string DescriptionKey = "org.opencontainers.image.description";

    /// <summary>Writes a layout with one image, or with an index of one image for each platform.</summary>
    /// <param name="directory">The directory, which is created if it does not exist.</param>
    /// <param name="annotation">The description as an annotation of the manifest, or of the index.</param>
    /// <param name="label">The description as a label in the config.</param>
    /// <param name="platforms">Platforms such as <c>linux/arm64</c>. With platforms, the image is an index.</param>
    /// <param name="content">The content of the layer. Images with different content have different digests.</param>
    /// <returns>The digest of the manifest or index.</returns>
    public static string Write(string directory, string? annotation = null, string? label = null, IReadOnlyList<string>? platforms = null, string content = "sample")
    {
        Directory.CreateDirectory(Path.Combine(directory, "blobs", "sha256"));
        File.WriteAllText(Path.Combine(directory, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        var (layer, uncompressedDigest) = Layer(content);
        var layerDescriptor = Blob(directory, "application/vnd.oci.image.layer.v1.tar+gzip", layer);
        var target = platforms is null
            ? Image("linux/amd64", annotation)
            : Json(directory, "application/vnd.oci.image.index.v1+json", new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = "application/vnd.oci.image.index.v1+json",
                ["manifests"] = new JsonArray([.. platforms.Select(platform => Image(platform, imageAnnotation: null))]),
                ["annotations"] = Described(annotation),
            });
        var index = new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(target) };
        File.WriteAllText(Path.Combine(directory, "index.json"), index.ToJsonString());
        return target["digest"]!.GetValue<string>();

        JsonObject Image(string platform, string? imageAnnotation)
        {
            var parts = platform.Split('/');
            var config = Json(directory, "application/vnd.oci.image.config.v1+json", new JsonObject
            {
                ["os"] = parts[0],
                ["architecture"] = parts[1],
                ["config"] = new JsonObject { ["Labels"] = Described(label) },
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(uncompressedDigest) },
            });
            var descriptor = Json(directory, "application/vnd.oci.image.manifest.v1+json", new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
                ["config"] = config,
                ["layers"] = new JsonArray(layerDescriptor.DeepClone()),
                ["annotations"] = Described(imageAnnotation),
            });
            descriptor["platform"] = new JsonObject { ["os"] = parts[0], ["architecture"] = parts[1] };
            return descriptor;
        }
    }

    private static JsonObject Described(string? description) => description is null ? [] : new() { [DescriptionKey] = description };

    private static (byte[] Compressed, string Digest) Layer(string content)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            using var data = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content));
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "content") { DataStream = data, ModificationTime = DateTimeOffset.UnixEpoch });
        }

        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(tar.ToArray());
        return (compressed.ToArray(), DigestOf(tar.ToArray()));
    }

    private static JsonObject Json(string directory, string mediaType, JsonObject content) =>
        Blob(directory, mediaType, System.Text.Encoding.UTF8.GetBytes(content.ToJsonString()));

    private static JsonObject Blob(string directory, string mediaType, byte[] content)
    {
        var digest = DigestOf(content);
        File.WriteAllBytes(Path.Combine(directory, "blobs", "sha256", digest["sha256:".Length..]), content);
        return new() { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = content.Length };
    }

    private static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
