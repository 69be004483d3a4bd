using RegistryIndex.Sources;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Layouts;

/// <summary>How a kind of registry lays its repositories out in a tree.</summary>
internal interface IStorageLayout
{
    /// <summary>What this layout's positions begin with.</summary>
    string Name { get; }

    /// <summary>The directory that all its repositories are below.</summary>
    string Root { get; }

    /// <summary>Whether the tree, whose root holds these entries, has this layout.</summary>
    Task<bool> IsThereAsync(IReadOnlyList<TreeEntry> root, CancellationToken cancellationToken);

    /// <summary>The repositories after a path, by their paths in the tree below <see cref="Root"/>.</summary>
    IAsyncEnumerable<ListedRepository> ListAsync(string? after, CancellationToken cancellationToken);

    /// <summary>The repository at a path that was listed; null when it is not there.</summary>
    Task<StoredRepository?> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>One repository, whose name follows the grammar; null when it is not there.</summary>
    Task<StoredRepository?> FindAsync(string name, CancellationToken cancellationToken);
}
