using System.Net;
using RegistryIndex.Registry.Answers;
using RegistryIndex.Registry.Requests;
using RegistryIndex.Sources.Images;

namespace RegistryIndex.Registry;

/// <summary>The tags and images of a repository, read through the registry's API.</summary>
internal sealed class RegistryImages(RegistryHttp http, string name) : IRepositoryImages
{
    private const int MaxTags = 1_000_000;
    private const int MaxCharacters = 32 << 20; // of all tags together
    private const string DigestHeader = "Docker-Content-Digest";
    private const string SignedManifest = "application/vnd.docker.distribution.manifest.v1+prettyjws"; // its digest does not cover the signatures

    private readonly string _scope = $"repository:{name}:pull";

    public async Task<IReadOnlyCollection<string>> ListTagsAsync(CancellationToken cancellationToken)
    {
        var first = await http.GetAsync(http.Resolve($"v2/{name}/tags/list"), _scope, cancellationToken);
        if (first.StatusCode == HttpStatusCode.NotFound)
        {
            using (first)
            {
                if (await http.SaysAsync(first, "NAME_UNKNOWN", cancellationToken))
                    return [];
                throw http.Unexpected(first);
            }
        }

        var (tags, characters) = (new List<string>(), 0L);
        await foreach (var page in http.ReadPagesAsync(first, _scope, AnswersJson.Default.TagPage, "a list of tags", cancellationToken))
        {
            tags.AddRange((page.Tags ?? []).OfType<string>());
            characters += (page.Tags ?? []).Sum(tag => (long)tag!.Length);
            if (tags.Count > MaxTags || characters > MaxCharacters)
                throw http.Strange(first, tags.Count > MaxTags ? $"a list of more than {MaxTags:n0} tags" : $"tags of more than {MaxCharacters:n0} characters");
        }

        return tags;
    }

    public Task<Tag?> FindTagAsync(string name, CancellationToken cancellationToken) => Task.FromResult<Tag?>(new(name));

    public async Task<Manifest?> OpenAsync(Tag tag, Digest? known, CancellationToken cancellationToken)
    {
        if (known is not null && http.Comparison == ManifestComparison.ByHead && await HeadAsync(tag.Name, cancellationToken) == known)
            return null;
        using var response = await http.GetPartAsync(Address(ImagePart.Manifest, tag.Name), _scope, cancellationToken, unless: known?.ToString());
        if (known is not null && response.StatusCode == HttpStatusCode.NotModified)
            return null;
        var content = await ReadAsync(ImagePart.Manifest, tag.Name, response, cancellationToken) ?? throw new UnreadableImageException("the registry does not have its manifest");
        var digest = Said(response) ?? Digest.Sha256Of(content);
        if (!digest.IsOf(content) && response.Content.Headers.ContentType?.MediaType != SignedManifest)
            throw new UnreadableImageException($"the manifest {digest} does not match its digest");
        if (digest != known)
            return new Manifest(digest, content);
        if (http.Comparison == ManifestComparison.ByCondition)
            http.Comparison = ManifestComparison.ByHead;
        return null;
    }

    public async Task<byte[]?> ReadAsync(ImagePart part, Digest digest, CancellationToken cancellationToken)
    {
        using var response = await http.GetPartAsync(Address(part, digest.ToString()), _scope, cancellationToken);
        return await ReadAsync(part, digest.ToString(), response, cancellationToken);
    }

    private async Task<byte[]?> ReadAsync(ImagePart part, string reference, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.OK)
            return await http.ReadAsync(response, part.MaxBytes, cancellationToken) ?? throw part.TooLarge(reference);
        if (response.StatusCode == HttpStatusCode.NotFound && await http.SaysAsync(response, "_UNKNOWN", cancellationToken))
            return null;
        throw new UnreadableImageException($"the registry answers {(int)response.StatusCode} for the {part.Name} {reference}");
    }

    private async Task<Digest?> HeadAsync(string tag, CancellationToken cancellationToken)
    {
        using var response = await http.GetPartAsync(Address(ImagePart.Manifest, tag), _scope, cancellationToken, isHead: true);
        var digest = response.StatusCode == HttpStatusCode.OK ? Said(response) : null;
        if (digest is null && response.StatusCode is HttpStatusCode.OK or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
            http.Comparison = ManifestComparison.ByContent;
        return digest;
    }

    private static Digest? Said(HttpResponseMessage response) => response.Headers.TryGetValues(DigestHeader, out var values) ? Digest.TryParse(values.First()) : null;

    private Uri Address(ImagePart part, string reference) =>
        http.Resolve($"v2/{name}/{(part == ImagePart.Manifest ? "manifests" : "blobs")}/{Uri.EscapeDataString(reference)}");
}
