namespace RegistryIndex.Conformance.Running;

/// <summary>The calls of a case, for its failure message. A long journal keeps its beginning and its end. Thread-safe.</summary>
internal sealed class Journal
{
    private const int Kept = 30;
    private readonly List<string> _first = [];
    private readonly Queue<string> _last = new();
    private readonly Lock _gate = new();
    private readonly HashSet<string> _notes = new(StringComparer.Ordinal);
    private int _left;

    public void Add(string line)
    {
        lock (_gate)
        {
            if (_first.Count < Kept)
            {
                _first.Add(line);
                return;
            }

            _last.Enqueue(line);
            if (_last.Count > Kept)
            {
                _last.Dequeue();
                _left++;
            }
        }
    }

    /// <summary>Remarks about calls that are not shown one by one.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_gate)
                return [.. _notes];
        }
    }

    public void Note(string note)
    {
        lock (_gate)
            _notes.Add(note);
        Add(note);
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _first, .. _left > 0 ? [$"… {_left} more …"] : Array.Empty<string>(), .. _last];
        }
    }
}
