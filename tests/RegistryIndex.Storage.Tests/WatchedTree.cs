using System.Collections.Concurrent;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Tests;

/// <summary>A tree that records its reads and can run code before them.</summary>
internal sealed class WatchedTree(IStorageTree inner) : IStorageTree
{
    public ConcurrentQueue<string> Directories { get; } = [];

    public ConcurrentQueue<string> Files { get; } = [];

    /// <summary>Called with every path before it is read. It may throw.</summary>
    public Action<string> Before { get; init; } = _ => { };

    /// <summary>Called with every path before it is read. It may pause.</summary>
    public Func<string, CancellationToken, Task> BeforeAsync { get; init; } = (_, _) => Task.CompletedTask;

    public string Location => inner.Location;

    public int AtATime => inner.AtATime;

    public async Task<IReadOnlyList<TreeEntry>?> ListAsync(string path, CancellationToken cancellationToken)
    {
        Directories.Enqueue(path);
        Before(path);
        await BeforeAsync(path, cancellationToken);
        return await inner.ListAsync(path, cancellationToken);
    }

    public async Task<TreeFile?> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        Files.Enqueue(path);
        Before(path);
        await BeforeAsync(path, cancellationToken);
        return await inner.ReadAsync(path, limit, cancellationToken);
    }
}
