using RegistryIndex.Sources;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Layouts;

/// <summary>
/// The layout of the Python docker-registry: always two levels, <c>repositories/namespace/repository/</c>, where deeper
/// names are URL-quoted twice (<c>b%252Fc</c> is <c>b/c</c>). There are no descriptions in it.
/// </summary>
internal sealed class PythonLayout(IStorageTree tree) : IStorageLayout
{
    public const string Repositories = "repositories";

    public string Name => "python";

    public string Root => Repositories;

    public Task<bool> IsThereAsync(IReadOnlyList<TreeEntry> root, CancellationToken cancellationToken)
    {
        if (!root.Contains(new(Repositories, IsDirectory: true)))
            return Task.FromResult(false);

        // Seen from within, distribution's tree has that directory too; read as this layout it would seem to be empty.
        if (root.Contains(new("blobs", IsDirectory: true)))
            throw new StorageException($"'{tree.Location}' is the inside of a distribution registry: set storage_path to {RegistryStorage.WhatStoragePathIs}.");
        return Task.FromResult(true);
    }

    public IAsyncEnumerable<ListedRepository> ListAsync(string? after, CancellationToken cancellationToken) =>
        tree.WalkAsync(Repositories, enters: (path, _) => path.Count('/') < 2, after, cancellationToken)
            .Where(directory => directory.Problem is not null || (directory.Path.Contains('/', StringComparison.Ordinal) && directory.Entries.Any(IsOfRepository)))
            .Select(directory => directory.ToListed());

    public Task<StoredRepository?> ReadAsync(string path, CancellationToken cancellationToken) => Task.FromResult<StoredRepository?>(At(path));

    public async Task<StoredRepository?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (name.Split('/', 2) is not [var space, var rest])
            return null; // always two levels
        foreach (var entry in await tree.ListAsync($"{Repositories}/{space}", cancellationToken) ?? [])
        {
            var path = $"{space}/{entry.Name}";
            if (entry.IsDirectory && Unquote(Unquote(entry.Name)) == rest
                && await tree.ListAsync($"{Repositories}/{path}", cancellationToken) is { } entries && entries.Any(IsOfRepository))
                return At(path);
        }

        return null;
    }

    private static StoredRepository At(string path) => new(new(Unquote(Unquote(path))), path, Problem: null) { MayHaveDescription = false };

    private static bool IsOfRepository(TreeEntry entry) =>
        !entry.IsDirectory && (entry.Name == "_index_images" || entry.Name.StartsWith("tag_", StringComparison.Ordinal));

    private static string Unquote(string text) => Uri.UnescapeDataString(text);
}
