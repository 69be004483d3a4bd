using System.Collections.Concurrent;
using RegistryIndex.Queues;

namespace RegistryIndex.Synchronization.Following;

/// <summary>The repositories that may have changed, and the pushes that they had. Thread-safe.</summary>
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

    private readonly ConcurrentDictionary<string, PendingPushes> _pushes = new(StringComparer.Ordinal);

    /// <summary>Notes that a repository may have changed.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="push">The push of a tag; null where no tag was pushed.</param>
    /// <returns>False when the queue is full or the process is ending.</returns>
    public bool TryAdd(string name, RepositoryPush? push)
    {
        if (push is null)
            return TryAdd(name);
        var before = _pushes.GetValueOrDefault(name);
        var pushes = _pushes.AddOrUpdate(name, _ => PendingPushes.None.With(push), (_, known) => known.With(push)); // first, so that the worker that takes the name finds it
        if (TryAdd(name))
            return true;

        // The sender sends it again.
        if (before is null)
            _pushes.TryRemove(new(name, pushes));
        else
            _pushes.TryUpdate(name, before, pushes);
        return false;
    }

    /// <summary>The pushes of a repository that were noted and are not written yet.</summary>
    public PendingPushes FindPushes(string name) => _pushes.GetValueOrDefault(name) ?? PendingPushes.None;

    /// <summary>Notes that the repository's current state has been written, with those pushes.</summary>
    public void Complete(KeyedWork taken, PendingPushes pushes)
    {
        _pushes.TryRemove(new(taken.Key, pushes));
        Complete(taken);
    }

    /// <summary>Gives a repository up. The next look-up, at an event or by a re-sync, writes the time of its last push.</summary>
    public void GiveUp(KeyedWork taken)
    {
        if (_pushes.TryGetValue(taken.Key, out var pushes))
            _pushes.TryUpdate(taken.Key, pushes.WithoutTags(), pushes);
        Complete(taken);
    }
}
