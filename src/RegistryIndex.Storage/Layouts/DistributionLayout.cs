using System.Text;
using RegistryIndex.Storage.Images;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Layouts;

/// <summary>
/// The layout of distribution (registry 2.x and 3.x): <c>repositories/name/_manifests/tags/tag/current/link</c> holds the
/// digest of a manifest in <c>blobs</c>. Names have any depth and a repository may hold others; only names that begin
/// with <c>_</c> are the registry's own. What has no tag with a current link is no repository: deleting leaves empty
/// directories behind.
/// </summary>
internal sealed class DistributionLayout(IStorageTree tree) : IStorageLayout
{
    public const string Parent = "docker/registry/v2";
    public const string Repositories = $"{Parent}/repositories";

    private const string Manifests = "_manifests";
    private const string Link = "current/link";
    private const int MaxLink = 1024;

    private readonly ImageDescription _description = new((_, digest, limit, cancellationToken) =>
        tree.ReadAsync($"{Parent}/blobs/{digest.ToPath()}", limit, cancellationToken));

    public string Name => "distribution";

    public string Root => Repositories;

    public async Task<bool> IsThereAsync(IReadOnlyList<TreeEntry> root, CancellationToken cancellationToken) =>
        await tree.ListAsync(Parent, cancellationToken) is { } entries && entries.Contains(new("repositories", IsDirectory: true));

    public IAsyncEnumerable<StoredRepository> ReadAsync(string? after, CancellationToken cancellationToken) =>
        tree.WalkAsync(Repositories, enters: (_, name) => !name.StartsWith('_'), after, cancellationToken)
            .Where(directory => directory.Entries.Contains(new(Manifests, IsDirectory: true)))
            .SelectInOrderAsync(tree.AtATime, (directory, token) => ReadRepositoryAsync(directory.Path, token), cancellationToken)
            .OfType<StoredRepository>();

    public Task<StoredRepository?> FindAsync(string name, CancellationToken cancellationToken) => ReadRepositoryAsync(name, cancellationToken);

    private async Task<StoredRepository?> ReadRepositoryAsync(string path, CancellationToken cancellationToken)
    {
        (TagLink Tag, string Problem)? failed = null;
        while (true)
        {
            if (await FindTagAsync($"{Repositories}/{path}/{Manifests}/tags", cancellationToken) is not { } tag)
                return null;

            // While we read, the tag may have been moved or deleted and its image collected as garbage. So a problem is only
            // believed of a tag that still says the same.
            if (failed is { } problem && problem.Tag == tag)
                return new(new(path), path, problem.Problem);
            try
            {
                return new(new(path, await ReadDescriptionAsync(tag, cancellationToken)), path, Problem: null);
            }
            catch (UnreadableImageException error)
            {
                failed = (tag, $"The description of tag '{RepositoryName.Shown(tag.Name)}' cannot be read: {error.Message}.");
            }
        }
    }

    private Task<string?> ReadDescriptionAsync(TagLink tag, CancellationToken cancellationToken) => Digest.TryParse(tag.Link) is { } digest
        ? _description.ReadAsync(digest, cancellationToken)
        : throw new UnreadableImageException("its current/link holds no digest");

    /// <summary>The tag that speaks for its repository: <c>latest</c>, else the one last written; null when there is none.</summary>
    private async Task<TagLink?> FindTagAsync(string tags, CancellationToken cancellationToken)
    {
        var names = (await tree.ListAsync(tags, cancellationToken) ?? []).Where(entry => entry.IsDirectory).Select(entry => entry.Name).ToList();
        if (names.Remove("latest") && await ReadLinkAsync(tags, "latest", cancellationToken) is { } latest)
            return latest;
        if (names.Count == 1)
            return await ReadLinkAsync(tags, names[0], cancellationToken);
        if (names.Count == 0)
            return null;

        // Files that were copied all at once may be equally old: then the name decides, so that all readers agree.
        var written = await tree.ListWrittenAsync(tags, Link, cancellationToken);
        foreach (var (name, _) in written.OrderByDescending(tag => tag.LastModified).ThenByDescending(tag => tag.Directory, StringComparer.Ordinal))
        {
            if (await ReadLinkAsync(tags, name, cancellationToken) is { } tag)
                return tag;
        }

        return null;
    }

    // The link of a tag is not there when the tag was deleted a moment ago, or its push never got that far.
    private async Task<TagLink?> ReadLinkAsync(string tags, string name, CancellationToken cancellationToken) =>
        await tree.ReadAsync($"{tags}/{name}/{Link}", MaxLink, cancellationToken) is { } file
            ? new(name, file.Content is { } content ? Encoding.UTF8.GetString(content) : "", file.LastModified)
            : null;

    private sealed record TagLink(string Name, string Link, DateTime Written);
}
