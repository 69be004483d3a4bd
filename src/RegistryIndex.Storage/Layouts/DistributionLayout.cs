using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Layouts;

/// <summary>
/// The layout of distribution (registry 2.x and 3.x): <c>repositories/name/_manifests/tags/tag/current/link</c> holds the
/// digest of a manifest in <c>blobs</c>. Names have any depth and a repository may hold others; only names that begin
/// with <c>_</c> are the registry's own. What has no tag with a current link is no repository: deleting leaves empty
/// directories behind.
/// </summary>
internal sealed class DistributionLayout(IStorageTree tree, DescriptionKeys keys) : IStorageLayout
{
    public const string Parent = "docker/registry/v2";
    public const string Repositories = $"{Parent}/repositories";
    public const string Manifests = "_manifests";

    private readonly RepositoryReader _reader = new(keys);

    public string Name => "distribution";

    public string Root => Repositories;

    public async Task<bool> IsThereAsync(IReadOnlyList<TreeEntry> root, CancellationToken cancellationToken) =>
        await tree.ListAsync(Parent, cancellationToken) is { } entries && entries.Contains(new("repositories", IsDirectory: true));

    public IAsyncEnumerable<ListedRepository> ListAsync(string? after, CancellationToken cancellationToken) =>
        tree.WalkAsync(Repositories, enters: (_, name) => !name.StartsWith('_'), after, cancellationToken)
            .Where(directory => directory.Problem is not null || directory.Entries.Any(entry => entry.Name == Manifests)) // of whatever kind: when it is read that shows
            .Select(directory => directory.ToListed());

    public Task<StoredRepository?> ReadAsync(string path, CancellationToken cancellationToken) =>
        _reader.ReadAsync(path, path, new DistributionImages(tree, path), cancellationToken);

    public Task<StoredRepository?> FindAsync(string name, CancellationToken cancellationToken) => ReadAsync(name, cancellationToken);
}
