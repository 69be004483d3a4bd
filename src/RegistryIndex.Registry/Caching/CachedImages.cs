using System.Runtime.CompilerServices;
using RegistryIndex.Sources.Images;

namespace RegistryIndex.Registry.Caching;

/// <summary>
/// The tags and images of a repository that were pulled through a cache. A cache asks upstream for tags, for manifests by tag, and
/// for what it does not have: so the tags are those of its events, and only what was pulled is read, by digest.
/// </summary>
internal sealed class CachedImages(PulledImages pulled, string name, IRepositoryImages images) : IRepositoryImages
{
    public async IAsyncEnumerable<Tag> ListTagsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var tags = pulled.TagsOf(name);
        foreach (var tag in TagOrder.BestFirst(tags.Keys))
            yield return new(tag, tags[tag].ToString());
    }

    public async Task<Manifest?> OpenAsync(Tag tag, Digest? known, CancellationToken cancellationToken)
    {
        var digest = Digest.TryParse(tag.Link)!.Value;
        if (digest == known)
            return null;
        var content = await images.ReadAsync(ImagePart.Manifest, digest, cancellationToken) ?? throw new UnreadableImageException("the cache has no manifest of it");
        return digest.IsOf(content) ? new Manifest(digest, content) : throw new UnreadableImageException($"the manifest {digest} is not what its digest says");
    }

    public Task<byte[]?> ReadAsync(ImagePart part, Digest digest, CancellationToken cancellationToken) =>
        pulled.Contains(name, digest) ? images.ReadAsync(part, digest, cancellationToken) : Task.FromResult<byte[]?>(null);
}
