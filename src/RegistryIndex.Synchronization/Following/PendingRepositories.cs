using System.Diagnostics.CodeAnalysis;

namespace RegistryIndex.Synchronization.Following;

/// <summary>
/// The repositories that may have changed: a bounded queue with one entry a repository. Entries wait until the registry has
/// been quiet for a moment, so that a burst of pushes, in whatever order, costs one look-up for each; what is hinted while it
/// is looked up brings it in again, since that look-up may have come too early. Thread-safe.
/// </summary>
internal sealed class PendingRepositories(TimeProvider time)
{
    public const int Capacity = 50_000;

    /// <summary>How long there must be no event of any repository.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a repository waits at most, however busy the registry is: a change is to be found within two seconds.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(1_200);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<(string Name, long Latest)> _fresh = new(); // in the order of their latest times, as all may wait equally long
    private readonly PriorityQueue<string, long> _failed = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _quietFrom;
    private bool _hurried;

    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>Notes that a repository may have changed.</summary>
    /// <returns>False when there is no room for one more, or the process is about to end.</returns>
    public bool TryAdd(string name)
    {
        lock (_gate)
        {
            if (_hurried)
                return false;
            if (_entries.TryGetValue(name, out var entry))
            {
                entry.IsAgain = entry.IsRunning;
            }
            else if (_entries.Count == Capacity)
            {
                return false;
            }
            else
            {
                _entries.Add(name, new());
                Wait(name);
            }

            _quietFrom = After(Quiet);
            return true;
        }
    }

    /// <summary>Waits for a repository whose turn it is. It is the caller's until <see cref="Complete"/> or <see cref="Fail"/>.</summary>
    public async Task<PendingRepository> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            TimeSpan? wait;
            lock (_gate)
            {
                if (TryTake(out var taken, out wait))
                    return taken;
                changed = _changed.Task;
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var delay = Task.Delay(wait ?? Timeout.InfiniteTimeSpan, time, stop.Token);
            await Task.WhenAny(changed, delay);
            await stop.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Says that what is true of it has been written.</summary>
    public void Complete(PendingRepository taken)
    {
        lock (_gate)
        {
            var entry = _entries[taken.Name];
            if (entry.IsAgain)
            {
                (entry.IsRunning, entry.Failures) = (false, 0);
                Wait(taken.Name);
            }
            else
            {
                _entries.Remove(taken.Name);
                Signal();
            }
        }
    }

    /// <summary>Puts it back to be tried again after a while.</summary>
    public void Fail(PendingRepository taken, TimeSpan pause)
    {
        lock (_gate)
        {
            var entry = _entries[taken.Name];
            entry.IsRunning = false;
            entry.Failures++;
            _failed.Enqueue(taken.Name, After(pause));
            Signal();
        }
    }

    /// <summary>Makes everything due: what failed has a chance again.</summary>
    public void Hurry()
    {
        lock (_gate)
        {
            while (_failed.TryDequeue(out var name, out _))
                Wait(name);
            _quietFrom = time.GetTimestamp();
            Signal();
        }
    }

    /// <summary>From now on nothing waits for quiet and nothing is added, as the process is about to end.</summary>
    public void HurryFromNowOn()
    {
        lock (_gate)
            _hurried = true;
        Hurry();
    }

    /// <summary>Waits until there is nothing pending.</summary>
    public async Task WaitUntilEmptyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_entries.Count == 0)
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private bool TryTake([NotNullWhen(true)] out PendingRepository? taken, out TimeSpan? wait)
    {
        (taken, wait) = (null, null);
        var ofFresh = _fresh.TryPeek(out var fresh) ? _hurried ? 0 : Math.Min(fresh.Latest, _quietFrom) : long.MaxValue;
        var ofFailed = _failed.TryPeek(out _, out var due) ? due : long.MaxValue;
        var (next, now) = (Math.Min(ofFresh, ofFailed), time.GetTimestamp());
        if (next > now)
        {
            if (next < long.MaxValue)
                wait = time.GetElapsedTime(now, next) + TimeSpan.FromMilliseconds(1); // timers count in whole milliseconds
            return false;
        }

        var name = ofFresh <= ofFailed ? _fresh.Dequeue().Name : _failed.Dequeue();
        var entry = _entries[name];
        (entry.IsRunning, entry.IsAgain) = (true, false);
        taken = new(name, entry.Failures);
        return true;
    }

    private void Wait(string name)
    {
        _fresh.Enqueue((name, After(Longest)));
        Signal();
    }

    private long After(TimeSpan span) => time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency);

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Entry
    {
        public bool IsRunning { get; set; }

        public bool IsAgain { get; set; }

        public int Failures { get; set; }
    }
}

/// <summary>A repository taken from the queue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Failures">How often it was tried in vain.</param>
internal sealed record PendingRepository(string Name, int Failures);
