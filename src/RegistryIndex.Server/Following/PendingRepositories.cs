using System.Diagnostics.CodeAnalysis;

namespace RegistryIndex.Server.Following;

/// <summary>
/// The repositories that may have changed: a bounded queue with one entry a repository. An entry waits until its events
/// have been quiet for a moment, so that a burst of them costs one look-up; what is hinted while it is looked up brings it in
/// again, since that look-up may have come too early. Thread-safe.
/// </summary>
internal sealed class PendingRepositories(TimeProvider time)
{
    public const int Capacity = 50_000;

    /// <summary>How long without another event; but never longer than <see cref="Longest"/> from the first.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);

    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(1_200);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, long> _due = new();
    private TaskCompletionSource _changed = NewSignal();
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
    /// <returns>False when there is no room for one more.</returns>
    public bool TryAdd(string name, Hint hint)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(name, out var entry))
            {
                entry.Hint = hint;
                if (entry.IsRunning)
                    entry.IsAgain = true;
                else if (entry.Failures == 0)
                    entry.Due = Math.Min(After(Quiet), entry.Latest); // its place in the queue is corrected when its turn comes
                return true;
            }

            if (_entries.Count == Capacity)
                return false;
            _entries.Add(name, entry = new() { Hint = hint });
            Wait(name, entry);
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
                entry.Failures = 0;
                Wait(taken.Name, entry);
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
            entry.Failures++;
            Wait(taken.Name, entry, pause);
        }
    }

    /// <summary>Makes everything due: what failed has a chance again.</summary>
    public void Hurry()
    {
        lock (_gate)
        {
            _due.Clear();
            var now = time.GetTimestamp();
            foreach (var (name, entry) in _entries.Where(entry => !entry.Value.IsRunning))
            {
                entry.Due = now;
                _due.Enqueue(name, now);
            }

            Signal();
        }
    }

    /// <summary>From now on nothing waits for quiet, as the process is about to end.</summary>
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
        var now = time.GetTimestamp();
        while (_due.TryPeek(out var name, out var due))
        {
            var entry = _entries[name];
            if (due > now)
            {
                wait = time.GetElapsedTime(now, due) + TimeSpan.FromMilliseconds(1); // timers count in whole milliseconds
                return false;
            }

            if (entry.Due > due)
            {
                _due.DequeueEnqueue(name, entry.Due);
                continue;
            }

            _due.Dequeue();
            (entry.IsRunning, entry.IsAgain) = (true, false);
            taken = new(name, entry.Hint, entry.Failures);
            return true;
        }

        return false;
    }

    private void Wait(string name, Entry entry, TimeSpan? pause = null)
    {
        entry.IsRunning = false;
        entry.Due = _hurried && pause is null ? time.GetTimestamp() : After(pause ?? Quiet);
        entry.Latest = After(Longest);
        _due.Enqueue(name, entry.Due);
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
        public Hint Hint { get; set; }

        public long Due { get; set; }

        public long Latest { get; set; }

        public bool IsRunning { get; set; }

        public bool IsAgain { get; set; }

        public int Failures { get; set; }
    }
}

/// <summary>A repository taken from the queue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hint">What the last event hinted at.</param>
/// <param name="Failures">How often it was tried in vain.</param>
internal sealed record PendingRepository(string Name, Hint Hint, int Failures);
