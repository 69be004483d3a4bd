using RegistryIndex.Sources;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Layouts;

/// <summary>The layout of a kind of registry's repositories in a tree.</summary>
internal interface IStorageLayout
{
    /// <summary>The prefix of this layout's positions.</summary>
    string Name { get; }

    /// <summary>The directory that contains all its repositories.</summary>
    string Root { get; }

    /// <summary>Whether the tree, whose root has these entries, has this layout.</summary>
    Task<bool> IsThereAsync(IReadOnlyList<TreeEntry> root, CancellationToken cancellationToken);

    /// <summary>Lists the repositories after a path, by their paths below <see cref="Root"/>.</summary>
    IAsyncEnumerable<ListedRepository> ListAsync(string? after, CancellationToken cancellationToken);

    /// <summary>Reads the repository at a listed path; null when it does not exist.</summary>
    Task<StoredRepository?> ReadAsync(string path, Func<string, CancellationToken, Task<Repository?>>? stored, CancellationToken cancellationToken);

    /// <summary>Reads one repository, whose name matches the grammar; null when it does not exist.</summary>
    Task<StoredRepository?> FindAsync(string name, Repository? stored, CancellationToken cancellationToken);

    /// <summary>Lists the tags of one repository, whose name matches the grammar; null when it does not exist.</summary>
    Task<IReadOnlyList<ListedTag>?> ListTagsAsync(string name, CancellationToken cancellationToken);
}
