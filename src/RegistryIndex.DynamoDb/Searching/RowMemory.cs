namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// The repositories whose rows searches of this process have read in the last seconds, so that the same page read again need not confirm
/// them again. What this process writes is forgotten before the write returns; what others write may be seen that much later. Thread-safe.
/// </summary>
internal sealed class RowMemory(TimeProvider time)
{
    /// <summary>How long a row is remembered, from before it was read.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);

    /// <summary>How many are remembered at most: some 10 MB where all texts are as long as can be.</summary>
    public const int Most = 5_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _cleared = long.MinValue;
    private long? _overrun;

    /// <summary>The moment, to be noted before rows are read.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>What is remembered of some names.</summary>
    public Dictionary<string, Repository> Find(IEnumerable<string> names)
    {
        lock (_lock)
        {
            return names.Select(name => _entries.GetValueOrDefault(name)).Where(entry => entry.Row is not null && IsFresh(entry))
                .ToDictionary(entry => entry.Row!.Name, entry => entry.Row!, StringComparer.Ordinal);
        }
    }

    /// <summary>Remembers rows.</summary>
    /// <param name="rows">What they say.</param>
    /// <param name="since">When their reading began: what was written meanwhile they may not say.</param>
    public void Remember(IEnumerable<Repository> rows, long since)
    {
        lock (_lock)
        {
            foreach (var row in rows)
            {
                if (since <= _cleared || IsOverrun)
                    return;
                if (_entries.TryGetValue(row.Name, out var entry) && IsFresh(entry) && (entry.Row is null || entry.At > since))
                    continue;
                Set(row.Name, new(row, since));
            }
        }
    }

    /// <summary>Forgets a name that was written just now; a replica that has not heard of that yet must not bring it back, nor a read that began before.</summary>
    public void Forget(string name)
    {
        lock (_lock)
            Set(name, new(null, Now));
    }

    /// <summary>Forgets all rows, also those that are being read.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            Remove(entry => entry.Row is not null);
            _cleared = Now;
        }
    }

    private void Set(string name, Entry entry)
    {
        if (_entries.Count >= Most && !_entries.ContainsKey(name))
            MakeRoom();
        _entries[name] = entry;
    }

    // Rows may go at any time. That a name was written may not be forgotten before every replica has heard of it: where there
    // are too many of these, nothing is remembered until the last of them has.
    private void MakeRoom()
    {
        Remove(entry => !IsFresh(entry));
        if (_entries.Count > Most / 2)
            Remove(entry => entry.Row is not null);
        if (_entries.Count <= Most / 2)
            return;
        _entries.Clear();
        _overrun = Now;
    }

    private void Remove(Func<Entry, bool> condition)
    {
        foreach (var (name, _) in _entries.Where(one => condition(one.Value)).ToList())
            _entries.Remove(name);
    }

    private bool IsOverrun => _overrun is { } since && time.GetElapsedTime(since) < Lasts;

    private bool IsFresh(Entry entry) => time.GetElapsedTime(entry.At) < Lasts;

    /// <param name="Row">What was read; null where it was written since.</param>
    /// <param name="At">When the reading began, or when it was written.</param>
    private readonly record struct Entry(Repository? Row, long At);
}
