using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace RegistryIndex.Testing.Registry;

/// <summary>Pushes the smallest possible images through a registry's API, thirty times as fast as skopeo.</summary>
public sealed class RegistryPusher(string address) : IDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private static readonly byte[] Config = Encoding.UTF8.GetBytes("""{"os":"linux","architecture":"amd64","config":{},"rootfs":{"type":"layers","diff_ids":[]}}""");
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 16 }) { BaseAddress = new($"http://{address}/") };

    /// <summary>Pushes the blob that all images share, so that a later <see cref="PushAsync"/> is one request.</summary>
    public async Task PrepareAsync(string name, CancellationToken cancellationToken = default)
    {
        using var begun = await _client.PostAsync(new Uri($"v2/{name}/blobs/uploads/", UriKind.Relative), null, cancellationToken);
        begun.EnsureSuccessStatusCode();
        var upload = new Uri(_client.BaseAddress!, begun.Headers.Location!);
        using var content = new ByteArrayContent(Config) { Headers = { ContentType = new("application/octet-stream") } };
        using var done = await _client.PutAsync(new Uri($"{upload}{(upload.Query.Length > 0 ? '&' : '?')}digest={Digest(Config)}"), content, cancellationToken);
        done.EnsureSuccessStatusCode();
    }

    /// <summary>Pushes an image without layers into a prepared repository.</summary>
    /// <returns>Its digest.</returns>
    public async Task<string> PushAsync(string name, string? description = null, string tag = "latest", CancellationToken cancellationToken = default)
    {
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = new JsonObject { ["mediaType"] = "application/vnd.oci.image.config.v1+json", ["digest"] = Digest(Config), ["size"] = Config.Length },
            ["layers"] = new JsonArray(),
            ["annotations"] = description is null ? new JsonObject() : new JsonObject { ["org.opencontainers.image.description"] = description },
        };
        var bytes = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(ManifestType) } };
        using var answer = await _client.PutAsync(new Uri($"v2/{name}/manifests/{tag}", UriKind.Relative), content, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"The push of {name}:{tag} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        return Digest(bytes);
    }

    /// <summary>Deletes an image and with it all tags that point to it. Has no effect if the image does not exist.</summary>
    public async Task DeleteAsync(string name, string digest, CancellationToken cancellationToken = default)
    {
        using var answer = await _client.DeleteAsync(new Uri($"v2/{name}/manifests/{digest}", UriKind.Relative), cancellationToken);
        if (answer.StatusCode != HttpStatusCode.NotFound)
            answer.EnsureSuccessStatusCode();
    }

    /// <summary>Pulls the blob of a prepared repository with the given user agent, by which its event can be recognized.</summary>
    public async Task PullAsync(string name, string userAgent, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"v2/{name}/blobs/{Digest(Config)}", UriKind.Relative)) { Headers = { { "User-Agent", userAgent } } };
        using var answer = await _client.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _client.Dispose();

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
