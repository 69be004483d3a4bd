namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// The repositories whose rows the searches of this process have read in the last seconds, so that a page that is read again need not confirm
/// them again. A write of this process removes its repository before the write returns. Writes of other processes may be seen late by the
/// time that a row is remembered. Thread-safe.
/// </summary>
internal sealed class RowMemory(TimeProvider time)
{
    /// <summary>How long a row is remembered, counted from before it was read.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);

    /// <summary>The largest number of remembered rows: some 10 MB with usual facts, and 40 MB if all texts have their maximum length.</summary>
    public const int Most = 5_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _cleared = long.MinValue;
    private long? _overrun;

    /// <summary>The current time. Note it before reading rows.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>Finds the remembered repositories among some names.</summary>
    public Dictionary<string, Repository> Find(IEnumerable<string> names)
    {
        lock (_lock)
        {
            return names.Select(name => _entries.GetValueOrDefault(name)).Where(entry => entry.Row is not null && IsFresh(entry))
                .ToDictionary(entry => entry.Row!.Name, entry => entry.Row!, StringComparer.Ordinal);
        }
    }

    /// <summary>Remembers rows.</summary>
    /// <param name="rows">The repositories of the rows.</param>
    /// <param name="since">When the read began. The rows may lack writes since then.</param>
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

    /// <summary>
    /// Forgets a name that was just written. Neither a replica without that write nor a read that began earlier may bring the old row back.
    /// </summary>
    public void Forget(string name)
    {
        lock (_lock)
            Set(name, new(null, Now));
    }

    /// <summary>Forgets all rows, including those that are being read.</summary>
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

    // Rows may be dropped at any time. A note that a name was written must stay until every replica has the write. If there are too many such
    // notes, nothing is remembered until the last of them has expired.
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

    /// <param name="Row">The repository that was read; null if it was written since.</param>
    /// <param name="At">When the read began, or when the repository was written.</param>
    private readonly record struct Entry(Repository? Row, long At);
}
