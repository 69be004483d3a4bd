using System.Runtime.CompilerServices;
using RegistryIndex.Sources;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Layouts;

/// <summary>A directory of a walk: its path below the walk's root, and its entries.</summary>
/// <param name="Path">The path.</param>
/// <param name="Entries">Its entries.</param>
/// <param name="Problem">Why the entries could not be read, or null; the walk continues beside the directory.</param>
internal readonly record struct WalkedDirectory(string Path, IReadOnlyList<TreeEntry> Entries, StorageException? Problem = null)
{
    public ListedRepository ToListed() => new(Path, Problem);
}

/// <summary>Walks directories depth first, children in ordinal order.</summary>
internal static class DirectoryWalk
{
    /// <summary>Lists the directories below <paramref name="root"/> that come after a path, without the root itself.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="root">The directory where the walk begins.</param>
    /// <param name="enters">Whether to enter the directory with that path and name.</param>
    /// <param name="after">A path below the root, or null for all directories.</param>
    /// <param name="cancellationToken">Cancels the walk.</param>
    /// <exception cref="StorageException">The root cannot be listed.</exception>
    public static async IAsyncEnumerable<WalkedDirectory> WalkAsync(
        this IStorageTree tree, string root, Func<string, string, bool> enters, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new Stack<Ahead>([new("")]);
        try
        {
            while (ahead.TryPop(out var next))
            {
                // The next directories are listed while this one is read: a store may be slow to list.
                foreach (var soon in ahead.Prepend(next).Take(tree.AtATime))
                    soon.Entries ??= tree.ListAsync(soon.Path.Length == 0 ? root : $"{root}/{soon.Path}", stop.Token);
                var path = next.Path;
                var isBehind = path.Length > 0 && (after is null || PathOrder.Compare(path, after) > 0);
                var (entries, problem) = await TakeAsync(next.Entries!, isRoot: path.Length == 0);
                if (problem is not null)
                {
                    yield return new(path, [], problem);
                    continue;
                }

                if (entries is null)
                {
                    // A directory below the root disappears when its repository is deleted during the walk; null is the right answer then.
                    // The root disappears only when a disk is unmounted or a directory is moved; nothing is known then.
                    if (path.Length > 0)
                        continue;
                    throw new StorageException($"The directory '{root}' in '{tree.Location}' does not exist any more: check that the registry's storage is mounted, and read again.");
                }

                if (isBehind)
                    yield return new(path, entries);
                foreach (var child in entries.Where(entry => entry.IsDirectory).Select(entry => entry.Name).OrderDescending(StringComparer.Ordinal))
                {
                    var childPath = path.Length == 0 && child.Length > 0 ? child : $"{path}/{child}";
                    if (enters(childPath, child) && (after is null || PathOrder.ReachesBeyond(childPath, after)))
                        ahead.Push(new(childPath));
                }
            }
        }
        finally
        {
            // After a failure, or when the caller stops early, no listing continues in the background.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(ahead.Select(directory => directory.Entries).OfType<Task>())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The callers find out whether only this directory or the whole store cannot be read.
    private static async Task<(IReadOnlyList<TreeEntry>? Entries, StorageException? Problem)> TakeAsync(Task<IReadOnlyList<TreeEntry>?> listing, bool isRoot)
    {
        try
        {
            return (await listing, null);
        }
        catch (StorageException error) when (!isRoot)
        {
            return (null, error);
        }
    }

    /// <summary>A directory that comes later, and its listing once it has begun.</summary>
    private sealed class Ahead(string path)
    {
        public string Path { get; } = path;

        public Task<IReadOnlyList<TreeEntry>?>? Entries { get; set; }
    }
}
