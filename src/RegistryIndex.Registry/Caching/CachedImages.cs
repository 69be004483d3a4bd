using RegistryIndex.Sources.Images;

namespace RegistryIndex.Registry.Caching;

/// <summary>
/// The tags and images of a repository that were pulled through a cache. A cache asks upstream for tags, for manifests by tag, and for
/// anything that it does not hold. So the tags come from the cache's events, and only what was pulled is read, by digest.
/// </summary>
internal sealed class CachedImages(PulledImages pulled, string name, IRepositoryImages images) : IRepositoryImages
{
    public Task<IReadOnlyCollection<string>> ListTagsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyCollection<string>>([.. pulled.TagsOf(name).Keys]);

    public Task<Tag?> FindTagAsync(string tag, CancellationToken cancellationToken) =>
        Task.FromResult<Tag?>(pulled.TagsOf(name).TryGetValue(tag, out var digest) ? new(tag, digest.ToString()) : null);

    public async Task<Manifest?> OpenAsync(Tag tag, Digest? known, CancellationToken cancellationToken)
    {
        var digest = Digest.TryParse(tag.Link)!.Value;
        if (digest == known)
            return null;
        var content = await images.ReadAsync(ImagePart.Manifest, digest, cancellationToken) ?? throw new UnreadableImageException("the cache does not have its manifest");
        return digest.IsOf(content) ? new Manifest(digest, content) : throw new UnreadableImageException($"the manifest {digest} does not match its digest");
    }

    public Task<byte[]?> ReadAsync(ImagePart part, Digest digest, CancellationToken cancellationToken) =>
        pulled.Contains(name, digest) ? images.ReadAsync(part, digest, cancellationToken) : Task.FromResult<byte[]?>(null);
}
