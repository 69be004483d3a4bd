using System.Globalization;
using System.Text.Json;

namespace RegistryIndex.Sources.Images;

/// <summary>
/// Extracts facts from a manifest, an index and a config: pure functions of what was read. <see cref="Repository"/> enforces the limits.
/// </summary>
internal static class ImageFacts
{
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";
    private const string ImageConfig = "application/vnd.oci.image.config.v1+json";
    private const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    private const string HelmConfig = "application/vnd.cncf.helm.config.v1+json";
    private const string PluginConfig = "application/vnd.docker.plugin.v1+json";
    private const string WasmConfig = "application/vnd.wasm.config.v0+json";
    private const string WasmLayer = "application/vnd.wasm.content.layer.v1+wasm";
    private const int FirstKnownYear = 1981; // reproducible builds give 1970 or 1980

    private static readonly string[] Models = ["application/vnd.docker.ai.model.", "application/vnd.cncf.model."];

    /// <summary>Whether a config of that type is an image's config, with labels.</summary>
    public static bool IsImageConfig(string? type) => type is null or ImageConfig or DockerConfig;

    /// <summary>Whether a config of that type holds its description beside its name.</summary>
    public static bool IsPackageConfig(string? type) => type is HelmConfig or PluginConfig;

    /// <summary>Whether that is the media type of an index.</summary>
    public static bool IsIndex(string? type) => type is OciIndex or "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Whether a config of that type is read at all: other types need not even be JSON.</summary>
    public static bool IsReadable(string? type) => IsImageConfig(type) || IsPackageConfig(type) || type == WasmConfig;

    /// <summary>The facts of one image or artifact.</summary>
    /// <param name="digest">The digest of its manifest.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="config">Its config; null when it has none or none could be read.</param>
    public static RepositoryFacts OfImage(Digest digest, JsonElement manifest, JsonElement? config)
    {
        var configType = manifest.Find("config", "mediaType").AsText();
        var texts = new ImageTexts([manifest.Find("annotations"), config?.Find("config", "Labels")]);
        var (kind, platform) = (KindOf(manifest, configType), PlatformOf(config));
        var package = IsPackageConfig(configType) ? config : null;
        return texts.AddTo(new()
        {
            Digest = digest.ToString(),
            MediaType = manifest.Find("mediaType").AsText() ?? (manifest.Find("history") is null ? "application/vnd.oci.image.manifest.v1+json" : "application/vnd.docker.distribution.manifest.v1+prettyjws"),
            ArtifactType = NotEmpty(manifest.Find("artifactType").AsText()) ?? configType,
            Kind = kind,
            Platforms = platform is null ? null : [platform],
            Size = SizeOf(manifest),
            SizePlatform = platform,
            CreatedAt = TimeIn(config?.Find("created")) ?? texts.CreatedAt,
            IsDeprecated = texts.IsDeprecated || package?.Find("deprecated") is { ValueKind: JsonValueKind.True },
            Title = package?.Find("name").AsText(),
            Version = package?.Find("version").AsText(),
            Url = package?.Find("home").AsText(),
        });
    }

    /// <summary>The facts of an index.</summary>
    /// <param name="digest">Its digest.</param>
    /// <param name="index">The index.</param>
    /// <param name="images">Its entries that are images.</param>
    /// <param name="image">The facts of the image that was read; null when none could be read.</param>
    public static RepositoryFacts OfIndex(Digest digest, JsonElement index, IEnumerable<JsonElement> images, RepositoryFacts? image)
    {
        var texts = new ImageTexts([index.Find("annotations")]);
        var artifactType = NotEmpty(index.Find("artifactType").AsText());
        var platforms = images.Select(entry => PlatformOf(entry.Find("platform"))).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return texts.AddTo((image ?? new()) with
        {
            Digest = digest.ToString(),
            MediaType = index.Find("mediaType").AsText() ?? OciIndex,
            ArtifactType = artifactType ?? image?.ArtifactType,
            Kind = artifactType is null ? image?.Kind ?? (platforms.Count > 0 ? ArtifactKind.Image : ArtifactKind.Artifact) : KindOf(artifactType) ?? image?.Kind ?? ArtifactKind.Artifact,
            Platforms = platforms.Count > 0 ? platforms : image?.Platforms,
            CreatedAt = image?.CreatedAt ?? texts.CreatedAt,
            IsDeprecated = texts.IsDeprecated || image?.IsDeprecated == true,
        });
    }

    /// <summary>The platform as <c>os/architecture</c> or <c>os/architecture/variant</c>; null when it is not known.</summary>
    public static string? PlatformOf(JsonElement? element)
    {
        var (os, architecture, variant) = (element?.Find("os").AsText(), element?.Find("architecture").AsText(), element?.Find("variant").AsText());
        return string.IsNullOrEmpty(os) || string.IsNullOrEmpty(architecture) || (os, architecture) == ("unknown", "unknown") ? null
            : string.IsNullOrEmpty(variant) ? $"{os}/{architecture}" : $"{os}/{architecture}/{variant}";
    }

    /// <summary>A time in the format of RFC 3339; null when the text is not a time, or is a placeholder.</summary>
    public static DateTimeOffset? TimeIn(JsonElement? element) =>
        DateTimeOffset.TryParse(element.AsText(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year >= FirstKnownYear ? time : null;

    private static ArtifactKind KindOf(JsonElement manifest, string? configType)
    {
        var artifactType = NotEmpty(manifest.Find("artifactType").AsText());
        if ((KindOf(artifactType) ?? KindOf(configType)) is { } kind && kind != ArtifactKind.Image)
            return kind;
        if (LayersOf(manifest).Any(layer => layer.Find("mediaType").AsText() == WasmLayer))
            return ArtifactKind.Wasm;
        return artifactType is null ? IsImageConfig(configType) ? ArtifactKind.Image : ArtifactKind.Artifact : KindOf(artifactType) ?? ArtifactKind.Artifact;
    }

    private static ArtifactKind? KindOf(string? type) => type switch
    {
        HelmConfig => ArtifactKind.Chart,
        WasmConfig or WasmLayer => ArtifactKind.Wasm,
        PluginConfig => ArtifactKind.Plugin,
        ImageConfig or DockerConfig => ArtifactKind.Image,
        not null when Array.Exists(Models, prefix => type.StartsWith(prefix, StringComparison.Ordinal)) => ArtifactKind.Model,
        _ => null,
    };

    private static long? SizeOf(JsonElement manifest)
    {
        if (manifest.Find("config") is not { } config)
            return null;
        var size = 0L;
        foreach (var part in LayersOf(manifest).Prepend(config))
        {
            if (part.Find("size") is not { ValueKind: JsonValueKind.Number } number || !number.TryGetInt64(out var bytes) || bytes < 0 || bytes > long.MaxValue - size)
                return null;
            size += bytes;
        }

        return size;
    }

    private static JsonElement.ArrayEnumerator LayersOf(JsonElement manifest) =>
        manifest.Find("layers") is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : default;

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
