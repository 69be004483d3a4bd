using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Layouts;

/// <summary>
/// The layout of distribution (registry 2.x and 3.x): <c>repositories/name/_manifests/tags/tag/current/link</c> holds the digest of a
/// manifest in <c>blobs</c>. Names have any depth, and a repository may contain others; only names that begin with <c>_</c> are the
/// registry's own. A directory without a tag that has a current link is not a repository: deleting leaves empty directories behind.
/// </summary>
internal sealed class DistributionLayout(IStorageTree tree, DescriptionKeys keys) : IStorageLayout
{
    public const string Parent = "docker/registry/v2";
    public const string Repositories = $"{Parent}/repositories";
    public const string Manifests = "_manifests";
    private const int MostTagsWithTimes = 1_000; // each time needs a read of its own

    private readonly RepositoryReader _reader = new(keys);

    public string Name => "distribution";

    public string Root => Repositories;

    public async Task<bool> IsThereAsync(IReadOnlyList<TreeEntry> root, CancellationToken cancellationToken) =>
        await tree.ListAsync(Parent, cancellationToken) is { } entries && entries.Contains(new("repositories", IsDirectory: true));

    public IAsyncEnumerable<ListedRepository> ListAsync(string? after, CancellationToken cancellationToken) =>
        tree.WalkAsync(Repositories, enters: (_, name) => !name.StartsWith('_'), after, cancellationToken)
            .Where(directory => directory.Problem is not null || directory.Entries.Any(entry => entry.Name == Manifests)) // of any kind
            .Select(directory => directory.ToListed());

    public async Task<StoredRepository?> ReadAsync(string path, Func<string, CancellationToken, Task<Repository?>>? stored, CancellationToken cancellationToken) =>
        await FindAsync(path, stored is null ? null : await stored(path, cancellationToken), cancellationToken);

    public Task<StoredRepository?> FindAsync(string name, Repository? stored, CancellationToken cancellationToken) =>
        _reader.ReadAsync(name, name, new DistributionImages(tree, name), stored, cancellationToken);

    public async Task<IReadOnlyList<ListedTag>?> ListTagsAsync(string name, CancellationToken cancellationToken)
    {
        var images = new DistributionImages(tree, name);
        var names = await images.ListTagsAsync(cancellationToken);
        if (names.Count == 0)
            return null;
        var tags = TagOrder.BestFirst(names.Where(TagOrder.Counts));
        if (names.Count > MostTagsWithTimes)
            return [.. tags.Select(tag => new ListedTag(tag))];
        var found = new List<Tag>();
        foreach (var some in tags.Chunk(tree.AtATime))
            found.AddRange((await Task.WhenAll(some.Select(tag => images.FindTagAsync(tag, cancellationToken)))).OfType<Tag>());
        return [.. found.OrderByDescending(tag => tag.LinkedAt).Select(tag => new ListedTag(tag.Name, Digest.TryParse(tag.Link)?.ToString(), tag.LinkedAt))];
    }
}
