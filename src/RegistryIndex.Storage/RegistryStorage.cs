using System.Runtime.CompilerServices;
using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;
using RegistryIndex.Storage.Layouts;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage;

/// <summary>Finds the layouts of a tree, and reads them one after the other.</summary>
internal sealed class RegistryStorage : IRegistryStorage, IDisposable
{
    public const string WhatStoragePathIs =
        $"the directory that contains {DistributionLayout.Parent} (distribution) or {PythonLayout.Repositories} (Python docker-registry)";

    private readonly IStorageTree _tree;
    private readonly IStorageLayout[] _layouts; // in reading order: a position names its layout
    private readonly SourceHealth _health;

    public RegistryStorage(IStorageTree tree, DescriptionKeys keys)
    {
        _tree = tree;
        _layouts = [new DistributionLayout(tree, keys), new PythonLayout(tree)];
        _health = new(LookUpAsync, FindLayoutsAsync);
    }

    public string Location => _tree.Location;

    public void Dispose() => (_tree as IDisposable)?.Dispose();

    public async IAsyncEnumerable<StoredRepository> ReadAsync(string? after = null, Func<string, CancellationToken, Task<Repository?>>? stored = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (first, path) = after is null ? (0, null) : Parse(after);
        var there = await FindLayoutsAsync(cancellationToken);
        for (var i = first; i < _layouts.Length; i++)
        {
            if (!there.Contains(_layouts[i]))
                continue;
            var listed = _layouts[i].ListAsync(i == first ? path : null, cancellationToken);
            var layout = _layouts[i];
            await foreach (var repository in _health.ReadAsync(listed, _tree.AtATime, (path, token) => layout.ReadAsync(path, stored, token), cancellationToken))
                yield return repository with { Position = $"{layout.Name}:{repository.Position}" };
        }
    }

    public async Task<StoredRepository?> FindAsync(string name, Repository? stored = null, CancellationToken cancellationToken = default)
    {
        if (RepositoryName.FindProblem(name) is { } problem)
            throw new ArgumentException(problem, nameof(name));
        if (await _health.FindAsync(name, stored, cancellationToken) is { } found)
            return found;

        // A storage that is not mounted looks empty: it is then not known whether the repository exists.
        var there = await FindLayoutsAsync(cancellationToken);
        var empty = await there.ToAsyncEnumerable().Select(async (layout, token) => await FindEmptyAsync(layout, name, token)).OfType<string>().ToListAsync(cancellationToken);
        var isAllEmpty = empty.Count == there.Count; // when there are two layouts, one may never have been used
        return empty.Find(path => isAllEmpty || !there.Exists(layout => layout.Root == path)) is not { } hiding
            ? null
            : throw new StorageException(
                $"The directory '{hiding}' in '{Location}' is empty, which may mean that its disk is not mounted, so it is unknown whether '{name}' is gone: mount the disk, or remove the directory, or run registry-index delete with the name.");
    }

    public Task CheckAsync(CancellationToken cancellationToken = default) => _health.CheckAsync(cancellationToken);

    public async Task<IReadOnlyList<ListedTag>?> ListTagsAsync(string name, CancellationToken cancellationToken = default)
    {
        if (RepositoryName.FindProblem(name) is { } problem)
            throw new ArgumentException(problem, nameof(name));
        foreach (var layout in _layouts)
        {
            if (await layout.ListTagsAsync(name, cancellationToken) is { } tags)
                return tags;
        }

        return null;
    }

    private async Task<StoredRepository?> LookUpAsync(string name, Repository? stored, CancellationToken cancellationToken)
    {
        foreach (var layout in _layouts)
        {
            if (await layout.FindAsync(name, stored, cancellationToken) is { } found)
                return found with { Position = $"{layout.Name}:{found.Position}" };
        }

        return null;
    }

    // After a deletion, neighbours or directories of the registry's own remain. An existing directory that is empty may be the mount point of
    // a disk that is not mounted; it does not show that its repositories are gone.
    private async Task<string?> FindEmptyAsync(IStorageLayout layout, string name, CancellationToken cancellationToken)
    {
        for (var path = $"{layout.Root}/{name}"; path.Length >= layout.Root.Length; path = path[..path.LastIndexOf('/')])
        {
            if (await _tree.ListAsync(path, cancellationToken) is { } entries)
                return entries.Count == 0 ? path : null;
        }

        return null;
    }

    private (int Layout, string Path) Parse(string position)
    {
        var colon = position.IndexOf(':', StringComparison.Ordinal);
        var layout = colon < 0 ? -1 : Array.FindIndex(_layouts, layout => position.AsSpan(0, colon).SequenceEqual(layout.Name));
        return layout >= 0
            ? (layout, position[(colon + 1)..])
            : throw new ArgumentException($"'{RepositoryName.Shown(position)}' is not a position in a registry's storage; read from the start.");
    }

    private async Task<List<IStorageLayout>> FindLayoutsAsync(CancellationToken cancellationToken)
    {
        var root = await _tree.ListAsync("", cancellationToken)
            ?? throw new StorageException($"The directory '{Location}' does not exist: set storage_path to {WhatStoragePathIs}.");
        var there = new List<IStorageLayout>();
        foreach (var layout in _layouts)
        {
            if (await layout.IsThereAsync(root, cancellationToken))
                there.Add(layout);
        }

        return there.Count > 0 ? there : throw new StorageException(
            $"No registry was found in '{Location}', neither {DistributionLayout.Repositories} nor {PythonLayout.Repositories}: set storage_path to {WhatStoragePathIs}.");
    }
}
