using System.Runtime.CompilerServices;
using RegistryIndex.Sources;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Layouts;

/// <summary>A directory of a walk: its path below the walk's root, and what it holds.</summary>
/// <param name="Path">The path.</param>
/// <param name="Entries">What it holds.</param>
/// <param name="Problem">Why that is not known, where it is not; the walk goes on beside it.</param>
internal readonly record struct WalkedDirectory(string Path, IReadOnlyList<TreeEntry> Entries, StorageException? Problem = null)
{
    public ListedRepository ToListed() => new(Path, Problem);
}

/// <summary>Walks directories depth first, children in ordinal order.</summary>
internal static class DirectoryWalk
{
    /// <summary>The directories below <paramref name="root"/> that come after a path, without the root itself.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="root">Where to begin.</param>
    /// <param name="enters">Whether to go into the directory of that path and name.</param>
    /// <param name="after">A path below the root, or null for all.</param>
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
                // The directories that come next are listed while this one is read: a store may take its time for each.
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
                    // Below the root a directory goes when its repository is deleted while we walk, and then it is rightly not
                    // found. The root itself only goes when a disk is unmounted or a directory moved: nothing is known then.
                    if (path.Length > 0)
                        continue;
                    throw new StorageException($"The directory '{root}' in '{tree.Location}' has vanished: see that the registry's storage is mounted, and read again.");
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
            // Whether it failed or the caller has seen enough: nothing goes on behind its back.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(ahead.Select(directory => directory.Entries).OfType<Task>())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Whether it is only that directory which cannot be read, or all of the store, others find out.
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

    /// <summary>A directory to come, and its listing as soon as that has begun.</summary>
    private sealed class Ahead(string path)
    {
        public string Path { get; } = path;

        public Task<IReadOnlyList<TreeEntry>?>? Entries { get; set; }
    }
}
