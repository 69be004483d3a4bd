using System.Collections.Concurrent;
using RegistryIndex.Queues;

namespace RegistryIndex.Synchronization.Following;

/// <summary>The repositories that may have changed, and the times of their pushes. Thread-safe.</summary>
internal sealed class PendingRepositories(TimeProvider time) : KeyedQueue(Capacity, Quiet, Longest, time)
{
    public const int Capacity = 50_000;

    /// <summary>
    /// How long no event may arrive for any repository before look-ups begin: a burst of pushes, in any order, then costs one look-up for
    /// each.
    /// </summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a repository waits at most, however busy the registry is: searches must find a change within two seconds.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(1_200);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _pushes = new(StringComparer.Ordinal);

    /// <summary>Notes that a repository may have changed.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="pushedAt">When it was pushed; null where that is not known.</param>
    /// <returns>False when the queue is full or the process is ending.</returns>
    public bool TryAdd(string name, DateTimeOffset? pushedAt)
    {
        if (pushedAt is { } push)
            _pushes.AddOrUpdate(name, push, (_, known) => known > push ? known : push); // first, so that the worker that takes the name finds it
        if (TryAdd(name))
            return true;
        if (pushedAt is { } refused)
            _pushes.TryRemove(new(name, refused)); // the sender sends it again
        return false;
    }

    /// <summary>The last push of a repository that was noted and is not written yet.</summary>
    public DateTimeOffset? FindPush(string name) => _pushes.TryGetValue(name, out var push) ? push : null;

    /// <summary>Notes that the repository's current state has been written, with that push.</summary>
    public void Complete(KeyedWork taken, DateTimeOffset? pushedAt)
    {
        if (pushedAt is { } push)
            _pushes.TryRemove(new(taken.Key, push));
        Complete(taken);
    }
}
