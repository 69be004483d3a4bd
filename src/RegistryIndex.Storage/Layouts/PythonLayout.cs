using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Layouts;

/// <summary>
/// The layout of the Python docker-registry: always two levels, <c>repositories/namespace/repository/</c>. Deeper names are URL-quoted
/// twice (<c>b%252Fc</c> is <c>b/c</c>). It stores no descriptions.
/// </summary>
internal sealed class PythonLayout(IStorageTree tree) : IStorageLayout
{
    public const string Repositories = "repositories";
    private const string Tag = "tag_";

    public string Name => "python";

    public string Root => Repositories;

    public Task<bool> IsThereAsync(IReadOnlyList<TreeEntry> root, CancellationToken cancellationToken)
    {
        if (!root.Contains(new(Repositories, IsDirectory: true)))
            return Task.FromResult(false);

        // Below docker/registry/v2, distribution's tree also has that directory; in this layout it would look empty.
        if (root.Contains(new("blobs", IsDirectory: true)))
            throw new StorageException($"'{tree.Location}' is a directory inside a distribution registry's storage: set storage_path to {RegistryStorage.WhatStoragePathIs}.");
        return Task.FromResult(true);
    }

    public IAsyncEnumerable<ListedRepository> ListAsync(string? after, CancellationToken cancellationToken) =>
        tree.WalkAsync(Repositories, enters: (path, _) => path.Count('/') < 2, after, cancellationToken)
            .Where(directory => directory.Problem is not null || (directory.Path.Contains('/', StringComparison.Ordinal) && directory.Entries.Any(IsOfRepository)))
            .Select(directory => directory.ToListed());

    public Task<StoredRepository?> ReadAsync(string path, Func<string, CancellationToken, Task<Repository?>>? stored, CancellationToken cancellationToken) =>
        Task.FromResult<StoredRepository?>(At(path));

    public async Task<StoredRepository?> FindAsync(string name, Repository? stored, CancellationToken cancellationToken) =>
        await FindDirectoryAsync(name, cancellationToken) is { } found ? At(found.Path) : null;

    public async Task<IReadOnlyList<ListedTag>?> ListTagsAsync(string name, CancellationToken cancellationToken)
    {
        if (await FindDirectoryAsync(name, cancellationToken) is not { } found)
            return null;
        var tags = found.Entries.Where(entry => !entry.IsDirectory && entry.Name.StartsWith(Tag, StringComparison.Ordinal)).Select(entry => entry.Name[Tag.Length..]);
        return [.. TagOrder.BestFirst(tags.Where(TagOrder.Counts)).Select(tag => new ListedTag(tag))];
    }

    private async Task<WalkedDirectory?> FindDirectoryAsync(string name, CancellationToken cancellationToken)
    {
        if (name.Split('/', 2) is not [var space, var rest])
            return null; // this layout has two levels only
        foreach (var entry in await tree.ListAsync($"{Repositories}/{space}", cancellationToken) ?? [])
        {
            var path = $"{space}/{entry.Name}";
            if (entry.IsDirectory && Unquote(Unquote(entry.Name)) == rest
                && await tree.ListAsync($"{Repositories}/{path}", cancellationToken) is { } entries && entries.Any(IsOfRepository))
                return new(path, entries);
        }

        return null;
    }

    private static StoredRepository At(string path) => new(new(Unquote(Unquote(path))), path, Problem: null) { MayHaveDescription = false };

    private static bool IsOfRepository(TreeEntry entry) =>
        !entry.IsDirectory && (entry.Name == "_index_images" || entry.Name.StartsWith(Tag, StringComparison.Ordinal));

    private static string Unquote(string text) => Uri.UnescapeDataString(text);
}
