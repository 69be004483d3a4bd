namespace RegistryIndex.Storage.Trees;

/// <summary>Directories and files, wherever they are: all that the layouts know of a store. Thread-safe.</summary>
/// <remarks>
/// Paths are relative, their segments joined by <c>/</c>; the empty path is the root. What is not there is null; whatever
/// else goes wrong is a <see cref="StorageException"/>, so that a failed read never looks like an empty one: also that something else
/// is there, or a link that is not followed.
/// </remarks>
internal interface IStorageTree
{
    /// <summary>Where the root is, for people.</summary>
    string Location { get; }

    /// <summary>How many reads at a time make it faster.</summary>
    int AtATime { get; }

    /// <summary>All entries of a directory, in no order; null when there is no such directory.</summary>
    Task<IReadOnlyList<TreeEntry>?> ListAsync(string path, CancellationToken cancellationToken);

    /// <summary>Reads a whole file of at most <paramref name="limit"/> bytes; null when there is no such file.</summary>
    Task<TreeFile?> ReadAsync(string path, int limit, CancellationToken cancellationToken);
}

/// <summary>What a directory holds under a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsDirectory">Whether it is a directory, as far as that can be told without listing it.</param>
internal readonly record struct TreeEntry(string Name, bool IsDirectory);

/// <summary>A file as it was read.</summary>
/// <param name="Content">The bytes; null when there are more than were asked for.</param>
/// <param name="LastModified">When it was last written.</param>
internal readonly record struct TreeFile(byte[]? Content, DateTime LastModified);
