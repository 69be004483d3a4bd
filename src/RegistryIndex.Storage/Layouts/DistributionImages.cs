using System.Text;
using RegistryIndex.Sources.Images;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Layouts;

/// <summary>The tags and images of a repository in distribution's layout.</summary>
internal sealed class DistributionImages(IStorageTree tree, string path) : IRepositoryImages
{
    private const string Link = "current/link";
    private const int MaxLink = 1024;
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5); // ahead of this clock, by the storage's

    private readonly string _tags = $"{DistributionLayout.Repositories}/{path}/{DistributionLayout.Manifests}/tags";

    // An entry with the name of a tag that is not a directory is a broken tag.
    public async Task<IReadOnlyCollection<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        [.. (await tree.ListAsync(_tags, cancellationToken) ?? []).Where(entry => entry.IsDirectory || TagOrder.CanRepresent(entry.Name)).Select(entry => entry.Name)];

    public async Task<Tag?> FindTagAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            // The link does not exist when the tag was just deleted, or when its push did not complete.
            return await ReadLinkAsync(name, cancellationToken) is { } link ? new(name, TextOf(link), TimeOf(link)) : null;
        }
        catch (StorageException error) when (error.IsOfOnePlace)
        {
            return new(name); // the tag exists; opening it reports the problem
        }
    }

    // A time of push never goes back, so one that a wrong clock wrote would stay.
    private static DateTimeOffset? TimeOf(TreeFile link) =>
        new DateTimeOffset(link.LastModified, TimeSpan.Zero) is var time && time <= TimeProvider.System.GetUtcNow() + MostAhead ? time : null;

    public async Task<Manifest?> OpenAsync(Tag tag, Digest? known, CancellationToken cancellationToken)
    {
        var link = tag.Link ?? (await OfOneImageAsync(() => ReadLinkAsync(tag.Name, cancellationToken)) is { } read ? TextOf(read) : null);
        if (Digest.TryParse(link) is not { } digest)
            throw new UnreadableImageException("its current/link contains no digest");
        if (digest == known)
            return null;
        return new Manifest(digest, await ReadAsync(ImagePart.Manifest, digest, cancellationToken) ?? throw new UnreadableImageException($"the manifest {digest} is missing"));
    }

    public Task<byte[]?> ReadAsync(ImagePart part, Digest digest, CancellationToken cancellationToken) => OfOneImageAsync(async () =>
        await tree.ReadAsync($"{DistributionLayout.Parent}/blobs/{digest.ToPath()}", part.MaxBytes, cancellationToken) is { } file
            ? file.Content ?? throw part.TooLarge(digest)
            : null);

    private Task<TreeFile?> ReadLinkAsync(string tag, CancellationToken cancellationToken) => tree.ReadAsync($"{_tags}/{tag}/{Link}", MaxLink, cancellationToken);

    private static string TextOf(TreeFile link) => link.Content is { } content ? Encoding.UTF8.GetString(content) : "";

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
