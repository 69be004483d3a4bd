using System.Runtime.CompilerServices;
using System.Text;
using RegistryIndex.Sources.Images;
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
        // What is no directory but has the name of a tag is a broken tag.
        var names = (await tree.ListAsync(_tags, cancellationToken) ?? []).Where(entry => entry.IsDirectory || TagOrder.Speaks(entry.Name)).Select(entry => entry.Name);
        foreach (var name in TagOrder.BestFirst(names))
        {
            string? link = null;
            try
            {
                // It is not there when the tag was deleted a moment ago, or its push never got that far.
                if (await ReadLinkAsync(name, cancellationToken) is not { } read)
                    continue;
                link = read;
            }
            catch (StorageException error) when (error.IsOfOnePlace)
            {
                // The tag is there all the same; opening it says what is wrong.
            }

            yield return new(name, link);
        }
    }

    public async Task<Manifest?> OpenAsync(Tag tag, Digest? known, CancellationToken cancellationToken)
    {
        var link = tag.Link ?? await OfOneImageAsync(() => ReadLinkAsync(tag.Name, cancellationToken));
        if (Digest.TryParse(link) is not { } digest)
            throw new UnreadableImageException("its current/link holds no digest");
        if (digest == known)
            return null;
        return new Manifest(digest, await ReadAsync(ImagePart.Manifest, digest, cancellationToken) ?? throw new UnreadableImageException($"the manifest {digest} is missing"));
    }

    public Task<byte[]?> ReadAsync(ImagePart part, Digest digest, CancellationToken cancellationToken) => OfOneImageAsync(async () =>
        await tree.ReadAsync($"{DistributionLayout.Parent}/blobs/{digest.ToPath()}", part.MaxBytes, cancellationToken) is { } file
            ? file.Content ?? throw part.TooLarge(digest)
            : null);

    private async Task<string?> ReadLinkAsync(string tag, CancellationToken cancellationToken) =>
        await tree.ReadAsync($"{_tags}/{tag}/{Link}", MaxLink, cancellationToken) is { } file
            ? file.Content is { } content ? Encoding.UTF8.GetString(content) : ""
            : null;

    private static async Task<T> OfOneImageAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (StorageException error) when (error.IsOfOnePlace)
        {
            throw new UnreadableImageException($"{char.ToLowerInvariant(error.Message[0])}{error.Message[1..].TrimEnd('.')}");
        }
    }
}
