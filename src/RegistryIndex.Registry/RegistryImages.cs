using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using RegistryIndex.Registry.Answers;
using RegistryIndex.Registry.Requests;
using RegistryIndex.Storage.Images;

namespace RegistryIndex.Registry;

/// <summary>The tags and images of a repository, asked of the registry's API.</summary>
internal sealed class RegistryImages(RegistryHttp http, string name) : IRepositoryImages
{
    private const int MaxTags = 1_000_000;

    private readonly string _scope = $"repository:{name}:pull";

    public async IAsyncEnumerable<Tag> ListTagsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = await http.GetAsync(http.Resolve($"v2/{name}/tags/list"), _scope, cancellationToken);
        if (first.StatusCode == HttpStatusCode.NotFound)
        {
            using (first)
            {
                if (await http.SaysAsync(first, "NAME_UNKNOWN", cancellationToken))
                    yield break;
                throw http.Unexpected(first);
            }
        }

        var tags = new List<string>();
        await foreach (var page in http.ReadPagesAsync(first, _scope, AnswersJson.Default.TagPage, "a list of tags", cancellationToken))
        {
            tags.AddRange((page.Tags ?? []).OfType<string>());
            if (tags.Count > MaxTags)
                throw http.Strange(first, $"a list of more than {MaxTags:n0} tags");
        }

        foreach (var tag in TagOrder.BestFirst(tags))
            yield return new(tag);
    }

    public async Task<Manifest> OpenAsync(Tag tag, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(ImagePart.Manifest, tag.Name, cancellationToken) ?? throw new UnreadableImageException("the registry has no manifest of it");
        return new(Digest.TryParse($"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}")!.Value, content);
    }

    public Task<byte[]?> ReadAsync(ImagePart part, Digest digest, CancellationToken cancellationToken) => ReadAsync(part, digest.ToString(), cancellationToken);

    private async Task<byte[]?> ReadAsync(ImagePart part, string reference, CancellationToken cancellationToken)
    {
        var kind = part == ImagePart.Manifest ? "manifests" : "blobs";
        using var response = await http.GetPartAsync(http.Resolve($"v2/{name}/{kind}/{Uri.EscapeDataString(reference)}"), _scope, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK)
            return await http.ReadAsync(response, part.MaxBytes, cancellationToken) ?? throw part.TooLarge(reference);
        if (response.StatusCode == HttpStatusCode.NotFound && await http.SaysAsync(response, "_UNKNOWN", cancellationToken))
            return null;
        throw new UnreadableImageException($"the registry answers {(int)response.StatusCode} for the {part.Name} {reference}");
    }
}
