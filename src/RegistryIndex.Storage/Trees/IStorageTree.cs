namespace RegistryIndex.Storage.Trees;

/// <summary>Directories and files in any store; the layouts use nothing else of a store. Thread-safe.</summary>
/// <remarks>
/// Paths are relative, their segments joined by <c>/</c>; the empty path is the root. A directory or file that does not exist is null; any
/// other failure is a <see cref="StorageException"/>, so that a failed read never looks like an empty one. Something of another kind in
/// that place, and a link that is not followed, are failures too.
/// </remarks>
internal interface IStorageTree
{
    /// <summary>Where the root is, for people.</summary>
    string Location { get; }

    /// <summary>How many concurrent reads are useful.</summary>
    int AtATime { get; }

    /// <summary>Lists all entries of a directory, in no order; null when the directory does not exist.</summary>
    Task<IReadOnlyList<TreeEntry>?> ListAsync(string path, CancellationToken cancellationToken);

    /// <summary>Reads a whole file of at most <paramref name="limit"/> bytes; null when the file does not exist.</summary>
    Task<TreeFile?> ReadAsync(string path, int limit, CancellationToken cancellationToken);
}

/// <summary>An entry of a directory.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsDirectory">Whether it is a directory, as far as is known without listing it.</param>
internal readonly record struct TreeEntry(string Name, bool IsDirectory);

/// <summary>A file as it was read.</summary>
/// <param name="Content">The bytes; null when the file is larger than the limit.</param>
/// <param name="LastModified">When it was last written.</param>
internal readonly record struct TreeFile(byte[]? Content, DateTime LastModified);
