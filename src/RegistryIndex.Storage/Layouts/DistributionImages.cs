using System.Runtime.CompilerServices;
using System.Text;
using RegistryIndex.Storage.Images;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Layouts;

/// <summary>The tags and images of a repository in distribution's layout.</summary>
internal sealed class DistributionImages(IStorageTree tree, string path) : IRepositoryImages
{
    private const string Link = "current/link";
    private const int MaxLink = 1024;

    private readonly string _tags = $"{DistributionLayout.Repositories}/{path}/{DistributionLayout.Manifests}/tags";

    public async IAsyncEnumerable<Tag> ListTagsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = (await tree.ListAsync(_tags, cancellationToken) ?? []).Where(entry => entry.IsDirectory).Select(entry => entry.Name);
        foreach (var name in TagOrder.BestFirst(names))
        {
            // The link of a tag is not there when the tag was deleted a moment ago, or its push never got that far.
            if (await tree.ReadAsync($"{_tags}/{name}/{Link}", MaxLink, cancellationToken) is { } file)
                yield return new(name, file.Content is { } content ? Encoding.UTF8.GetString(content) : "");
        }
    }

    public async Task<Manifest> OpenAsync(Tag tag, CancellationToken cancellationToken)
    {
        if (Digest.TryParse(tag.Link) is not { } digest)
            throw new UnreadableImageException("its current/link holds no digest");
        return new(digest, await ReadAsync(ImagePart.Manifest, digest, cancellationToken) ?? throw new UnreadableImageException($"the manifest {digest} is missing"));
    }

    public async Task<byte[]?> ReadAsync(ImagePart part, Digest digest, CancellationToken cancellationToken) =>
        await tree.ReadAsync($"{DistributionLayout.Parent}/blobs/{digest.ToPath()}", part.MaxBytes, cancellationToken) is { } file
            ? file.Content ?? throw part.TooLarge(digest)
            : null;
}
