using System.Diagnostics.CodeAnalysis;

namespace RegistryIndex.Queues;

/// <summary>
/// A bounded queue of keys with one entry for each key, like client-go's workqueue. Only one worker has a key at a time. A key that is added
/// while a worker has it is queued again, because the worker may have read too early. A key can wait until the queue has been quiet for a
/// moment, so that a burst causes one unit of work for each key. Thread-safe.
/// </summary>
/// <param name="capacity">The maximum number of keys, including those that workers have.</param>
/// <param name="quiet">How long the queue must be quiet, without additions, before a key is due.</param>
/// <param name="longest">The longest time that a key waits for the queue to be quiet.</param>
/// <param name="time">The clock.</param>
internal class KeyedQueue(int capacity, TimeSpan quiet, TimeSpan longest, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, long Latest)> _fresh = new(); // in the order of their latest times, as all keys have the same longest wait
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

    /// <summary>Adds a key. If a worker has the key, it is queued again afterwards.</summary>
    /// <returns>False if the queue is full or about to end.</returns>
    public bool TryAdd(string key)
    {
        lock (_gate)
        {
            if (_hurried)
                return false;
            if (_entries.TryGetValue(key, out var entry))
            {
                entry.IsAgain = entry.IsRunning;
                if (!entry.IsRunning && entry.Repeats > 0)
                {
                    entry.Repeats = 0;
                    if (_failed.Remove(key, out _, out _))
                        Wait(key);
                }
            }
            else if (_entries.Count == capacity)
            {
                return false;
            }
            else
            {
                _entries.Add(key, new());
                Wait(key);
            }

            _quietFrom = After(quiet);
            return true;
        }
    }

    /// <summary>Waits for a key that is due. The caller has it until <see cref="Complete"/>, <see cref="Fail"/> or <see cref="Repeat"/>.</summary>
    public async Task<KeyedWork> TakeAsync(CancellationToken cancellationToken)
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
            await Task.WhenAny(changed, delay).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Marks the work as done.</summary>
    public void Complete(KeyedWork taken)
    {
        lock (_gate)
        {
            var entry = _entries[taken.Key];
            if (entry.IsAgain)
            {
                entry.Reset();
                Wait(taken.Key);
            }
            else
            {
                _entries.Remove(taken.Key);
                Signal();
            }
        }
    }

    /// <summary>
    /// Marks the work as done too early, which is no failure. The key is due again after a pause, and sooner if it is added meanwhile.
    /// </summary>
    public void Repeat(KeyedWork taken, TimeSpan pause)
    {
        lock (_gate)
        {
            var entry = _entries[taken.Key];
            if (entry.IsAgain)
            {
                Complete(taken);
                return;
            }

            (entry.IsRunning, entry.Failures, entry.Repeats) = (false, 0, taken.Repeats + 1);
            _failed.Enqueue(taken.Key, After(pause));
            Signal();
        }
    }

    /// <summary>Returns the key to the queue. It is due again after a pause.</summary>
    public void Fail(KeyedWork taken, TimeSpan pause)
    {
        lock (_gate)
        {
            var entry = _entries[taken.Key];
            (entry.IsRunning, entry.Failures, entry.Repeats) = (false, entry.Failures + 1, 0);
            _failed.Enqueue(taken.Key, After(pause));
            Signal();
        }
    }

    /// <summary>Makes all keys due at once, including those that failed.</summary>
    public void Hurry()
    {
        lock (_gate)
        {
            while (_failed.TryDequeue(out var key, out _))
                Wait(key);
            _quietFrom = time.GetTimestamp();
            Signal();
        }
    }

    /// <summary>From now on keys do not wait for quiet, and no keys are added, because the queue is about to end. Failures are counted anew.</summary>
    public void HurryFromNowOn()
    {
        lock (_gate)
        {
            _hurried = true;
            foreach (var entry in _entries.Values)
                entry.Failures = 0;
        }

        Hurry();
    }

    /// <summary>Waits until the queue is empty.</summary>
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

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool TryTake([NotNullWhen(true)] out KeyedWork? taken, out TimeSpan? wait)
    {
        (taken, wait) = (null, null);
        var ofFresh = _fresh.TryPeek(out var fresh) ? _hurried ? 0 : Math.Min(fresh.Latest, _quietFrom) : long.MaxValue;
        var ofFailed = _failed.TryPeek(out _, out var due) ? due : long.MaxValue;
        var (next, now) = (Math.Min(ofFresh, ofFailed), time.GetTimestamp());
        if (next > now)
        {
            if (next < long.MaxValue)
                wait = time.GetElapsedTime(now, next) + TimeSpan.FromMilliseconds(1); // timers have whole milliseconds
            return false;
        }

        var key = ofFresh <= ofFailed ? _fresh.Dequeue().Key : _failed.Dequeue();
        var entry = _entries[key];
        (entry.IsRunning, entry.IsAgain) = (true, false);
        taken = new(key, entry.Failures, entry.Repeats);
        return true;
    }

    private void Wait(string key)
    {
        _fresh.Enqueue((key, After(longest)));
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

        public int Repeats { get; set; }

        public void Reset() => (IsRunning, IsAgain, Failures, Repeats) = (false, false, 0, 0);
    }
}

/// <summary>A key taken from the queue.</summary>
/// <param name="Key">The key.</param>
/// <param name="Failures">How often the work on it has failed.</param>
/// <param name="Repeats">How often it was done too early since the key was added.</param>
internal sealed record KeyedWork(string Key, int Failures, int Repeats);
