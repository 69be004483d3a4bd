using System.Text.Json.Nodes;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Facts;

/// <summary>Pushes one repository of each kind of artifact, as its own client would.</summary>
internal sealed class PushedKinds(string registry) : IDisposable
{
    private const string Oci = "org.opencontainers.image.";
    private readonly HandMadeImages _images = new(registry);
    private readonly TemporaryDirectory _directory = new();

    public HandMadeImages Images => _images;

    public static string[] Names { get; } = ["attested", "chart", "model", "plain", "plugin", "sbom", "signed", "signed/by-index", "spoken-for", "two-platforms", "wasm"];

    public async Task PushAsync()
    {
        await TwoPlatformsAsync();
        await SkopeoAsync("plain");
        await ChartAsync("chart");
        await ArtifactAsync("wasm", "1.0", "application/vnd.wasm.config.v0+json", """{"created":"2025-05-06T07:08:09Z","architecture":"wasm","os":"wasip1"}""", "application/wasm");
        await ArtifactAsync("model", "1b", "application/vnd.docker.ai.model.config.v0.1+json", "{}", "application/vnd.docker.ai.gguf.v3");
        await ArtifactAsync("plugin", "latest", "application/vnd.docker.plugin.v1+json", """{"description":"Volumes over ssh"}""", "application/vnd.docker.image.rootfs.diff.tar.gzip");
        await _images.ImageAsync("signed", "latest", [(HandMadeImages.Description, "To be signed")]);
        await SignAsync("signed", "latest");
        await AttachAsync("signed/by-index", "application/vnd.cncf.notary.signature");
        await AttachAsync("sbom", "application/spdx+json");
        await AttestedAsync("attested");
        await _images.ImageAsync("spoken-for", "1.0", [(HandMadeImages.Description, "By another tag")]);
        await _images.ImageAsync("spoken-for", "latest");
    }

    /// <summary>Signs an image like cosign: with another image, whose tag contains the digest.</summary>
    public async Task SignAsync(string name, string tag) =>
        await _images.ImageAsync(name, $"{(await _images.DigestAsync(name, tag)).Replace(':', '-')}.sig", content: "signature");

    /// <summary>Pushes an image that skopeo has written.</summary>
    public async Task SkopeoAsync(string name, string tag = "latest", IReadOnlyList<string>? platforms = null)
    {
        var layout = Path.Combine(_directory.Path, Guid.NewGuid().ToString("n"));
        OciImage.Write(layout, label: $"About {name}", platforms: platforms, content: $"{name}:{tag}");
        await Skopeo.CopyAsync(layout, $"{registry}/{name}:{tag}");
    }

    /// <summary>Pushes an image for two platforms. An index of its attachments lists a signature.</summary>
    public async Task SignedIndexAsync(string name)
    {
        JsonObject[] children = [await ChildAsync("amd64"), await ChildAsync("arm64")];
        await AttachAsync(name, await _images.IndexAsync(name, "latest", children), "application/vnd.cncf.notary.signature");

        async Task<JsonObject> ChildAsync(string architecture)
        {
            var child = await _images.ImageAsync(name, $"child-{architecture}", [(HandMadeImages.Description, "For two platforms, and signed")], content: architecture);
            child["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = architecture };
            return child;
        }
    }

    public void Dispose()
    {
        _images.Dispose();
        _directory.Dispose();
    }

    private async Task TwoPlatformsAsync()
    {
        var arm = await ChildAsync("arm64", "v8", "larger than the other");
        var amd = await ChildAsync("amd64", null, "small");
        await _images.IndexAsync("two-platforms", "2.1", [arm, amd], [($"{Oci}version", "2.1.0"), ($"{Oci}licenses", "Apache-2.0, MIT")]);
        await _images.ImageAsync("two-platforms", "2.0", [(HandMadeImages.Description, "An older one")]);

        async Task<JsonObject> ChildAsync(string architecture, string? variant, string content)
        {
            var labels = new JsonObject
            {
                [HandMadeImages.Description] = "For two platforms",
                [$"{Oci}title"] = "Two",
                [$"{Oci}source"] = "https://example.com/two",
                [$"{Oci}version"] = "of the image",
                [$"{Oci}base.name"] = "docker.io/library/alpine:3.20",
                ["org.label-schema.vendor"] = "Example",
            };
            var config = new JsonObject { ["os"] = "linux", ["architecture"] = architecture, ["created"] = "2026-01-02T03:04:05.678901234Z", ["config"] = new JsonObject { ["Labels"] = labels } };
            var child = await _images.ImageAsync("two-platforms", $"child-{architecture}", config: config.ToJsonString(), content: content);
            child["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = architecture };
            if (variant is not null)
                child["platform"]!["variant"] = variant;
            return child;
        }
    }

    private async Task ChartAsync(string name)
    {
        const string Chart = """{"name":"web","version":"0.3.1","description":"A chart","home":"https://example.com/chart","deprecated":true}""";
        await ArtifactAsync(name, "0.3.1", "application/vnd.cncf.helm.config.v1+json", Chart, "application/vnd.cncf.helm.chart.content.v1.tar+gzip", annotations: new() { [$"{Oci}created"] = "2025-01-01T00:00:00Z" });
    }

    private async Task AttestedAsync(string name)
    {
        var image = await _images.ImageAsync(name, "of-amd64", [(HandMadeImages.Description, "With provenance")]);
        image["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = "amd64" };
        var attestation = await _images.ImageAsync(name, "of-attestation", content: "in-toto");
        attestation["platform"] = new JsonObject { ["os"] = "unknown", ["architecture"] = "unknown" };
        attestation["annotations"] = new JsonObject { ["vnd.docker.reference.type"] = "attestation-manifest" };
        await _images.IndexAsync(name, "latest", [image, attestation]);
    }

    // The OCI fallback for registries without a list of referrers: an index whose tag contains the digest of the image.
    private async Task AttachAsync(string name, string artifactType)
    {
        await AttachAsync(name, await _images.ImageAsync(name, "latest", [(HandMadeImages.Description, $"With {artifactType}")]), artifactType);
    }

    private async Task AttachAsync(string name, JsonObject image, string artifactType)
    {
        var digest = image["digest"]!.GetValue<string>();
        var attached = await ArtifactAsync(name, "by-digest", "application/vnd.oci.empty.v1+json", "{}", "application/octet-stream", artifactType, image);
        attached["artifactType"] = artifactType;
        await _images.IndexAsync(name, digest.Replace(':', '-'), [attached]);
    }

    private async Task<JsonObject> ArtifactAsync(
        string name, string tag, string configType, string config, string layerType, string? artifactType = null, JsonObject? subject = null, JsonObject? annotations = null)
    {
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = HandMadeImages.ManifestType,
            ["config"] = await _images.BlobAsync(name, config, configType),
            ["layers"] = new JsonArray(await _images.BlobAsync(name, $"content of {name}", layerType)),
        };
        if (artifactType is not null)
            manifest["artifactType"] = artifactType;
        if (subject is not null)
            manifest["subject"] = subject.DeepClone();
        if (annotations is not null)
            manifest["annotations"] = annotations;
        return await _images.ManifestAsync(name, tag, manifest);
    }
}
