using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace RegistryIndex.Testing.Registry;

/// <summary>Pushes any manifests and blobs to a registry, including those that no client would create.</summary>
/// <param name="address">Host and port of the registry.</param>
public sealed class HandMadeImages(string address) : IDisposable
{
    /// <summary>The name of the annotation and the label that contain a description.</summary>
    public const string Description = "org.opencontainers.image.description";

    /// <summary>The media type of an image.</summary>
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>The media type of an index.</summary>
    public const string IndexType = "application/vnd.oci.image.index.v1+json";

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new($"http://{address}/") };

    /// <summary>Pushes an image of one layer.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="labels">The labels in its config.</param>
    /// <param name="annotations">The annotations of its manifest.</param>
    /// <param name="config">Another config in place of the default one, of the type <paramref name="configType"/>.</param>
    /// <param name="configType">The media type of the config.</param>
    /// <param name="content">The content of the layer. Images with different content have different digests.</param>
    /// <returns>The descriptor of its manifest, for an index.</returns>
    public async Task<JsonObject> ImageAsync(
        string name, string tag, (string Key, string Value)[]? labels = null, (string Key, string Value)[]? annotations = null,
        string? config = null, string configType = "application/vnd.oci.image.config.v1+json", string? content = null)
    {
        config ??= new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Labels"] = Texts(labels) },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() },
        }.ToJsonString();
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = await BlobAsync(name, config, configType),
            ["layers"] = new JsonArray(await BlobAsync(name, content ?? $"{name}:{tag}", "application/vnd.oci.image.layer.v1.tar")),
        };
        if (annotations is not null)
            manifest["annotations"] = Texts(annotations);
        return await ManifestAsync(name, tag, manifest);
    }

    /// <summary>Pushes an index of these manifests.</summary>
    public Task<JsonObject> IndexAsync(string name, string tag, JsonObject[] entries, (string Key, string Value)[]? annotations = null)
    {
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = new JsonArray([.. entries.Select(entry => entry.DeepClone())]) };
        if (annotations is not null)
            index["annotations"] = Texts(annotations);
        return ManifestAsync(name, tag, index);
    }

    /// <summary>Pushes an image like that of BuildKit's cache exporter: an index of layers with a config of its own.</summary>
    public async Task CacheAsync(string name, string tag) => await IndexAsync(name, tag,
        [await BlobAsync(name, $"layer of {name}", "application/vnd.oci.image.layer.v1.tar+gzip"), await BlobAsync(name, """{"layers":[],"records":[]}""", "application/vnd.buildkit.cacheconfig.v0")]);

    /// <summary>Pushes a manifest without changes.</summary>
    /// <returns>Its descriptor.</returns>
    public async Task<JsonObject> ManifestAsync(string name, string tag, JsonObject manifest)
    {
        var (bytes, type) = (Encoding.UTF8.GetBytes(manifest.ToJsonString()), manifest["mediaType"]!.GetValue<string>());
        using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var answer = await _client.PutAsync(new Uri($"v2/{name}/manifests/{tag}", UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"The push of {name}:{tag} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return Descriptor(type, bytes);
    }

    /// <summary>Pushes a blob.</summary>
    /// <returns>Its descriptor.</returns>
    public async Task<JsonObject> BlobAsync(string name, string content, string type)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var descriptor = Descriptor(type, bytes);
        using var begun = await _client.PostAsync(new Uri($"v2/{name}/blobs/uploads/", UriKind.Relative), null);
        begun.EnsureSuccessStatusCode();
        var upload = new Uri(_client.BaseAddress!, begun.Headers.Location!);
        using var body = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/octet-stream") } };
        using var done = await _client.PutAsync(new Uri($"{upload}{(upload.Query.Length > 0 ? '&' : '?')}digest={descriptor["digest"]}"), body);
        done.EnsureSuccessStatusCode();
        return descriptor;
    }

    /// <summary>Gets the digest that a tag points to.</summary>
    public async Task<string> DigestAsync(string name, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri($"v2/{name}/manifests/{tag}", UriKind.Relative)) { Headers = { { "Accept", $"{ManifestType}, {IndexType}" } } };
        using var answer = await _client.SendAsync(request);
        return answer.EnsureSuccessStatusCode().Headers.GetValues("Docker-Content-Digest").Single();
    }

    /// <summary>Deletes a manifest by its descriptor.</summary>
    public async Task DeleteAsync(string name, JsonObject descriptor)
    {
        using var answer = await _client.DeleteAsync(new Uri($"v2/{name}/manifests/{descriptor["digest"]}", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _client.Dispose();

    private static JsonObject Descriptor(string type, byte[] content) => new()
    {
        ["mediaType"] = type,
        ["digest"] = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}",
        ["size"] = content.Length,
    };

    private static JsonObject Texts((string Key, string Value)[]? texts) => new((texts ?? []).Select(text => KeyValuePair.Create(text.Key, (JsonNode?)text.Value)));
}
