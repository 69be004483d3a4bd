using RegistryIndex.Sources.Images;

namespace RegistryIndex.Registry.Caching;

/// <summary>
/// Remembers what clients pulled through a cache recently, according to its events: the cache holds it, so reading it sends no request
/// upstream. The memory is limited to the latest pulls; a forgotten one is known again when it is pulled again. Thread-safe.
/// </summary>
internal sealed class PulledImages
{
    private const int MaxParts = 20_000;
    private const int MaxTags = 20_000;

    private readonly Lock _gate = new();
    private readonly HashSet<(string Name, Digest Digest)> _parts = [];
    private readonly Queue<(string Name, Digest Digest)> _latest = new();
    private readonly Dictionary<string, Dictionary<string, Digest>> _tags = new(StringComparer.Ordinal);
    private int _tagCount;

    /// <summary>Notes a manifest or blob that was pulled, and the tag of the pull.</summary>
    /// <returns>Whether the pull was not known yet.</returns>
    public bool TryNote(string name, string? tag, Digest digest)
    {
        lock (_gate)
        {
            var isNew = _parts.Add((name, digest));
            if (isNew)
                _latest.Enqueue((name, digest));
            while (_latest.Count > MaxParts)
                _parts.Remove(_latest.Dequeue());
            return tag is null ? isNew : TryNoteTag(name, tag, digest) || isNew;
        }
    }

    /// <summary>Forgets a part, so that its next event counts as new.</summary>
    public void Forget(string name, Digest digest)
    {
        lock (_gate)
            _parts.Remove((name, digest));
    }

    public bool Contains(string name, Digest digest)
    {
        lock (_gate)
            return _parts.Contains((name, digest));
    }

    /// <summary>Returns the tags that were pulled, and what they pointed at then.</summary>
    public IReadOnlyDictionary<string, Digest> TagsOf(string name)
    {
        lock (_gate)
            return _tags.TryGetValue(name, out var tags) ? new Dictionary<string, Digest>(tags, StringComparer.Ordinal) : [];
    }

    private bool TryNoteTag(string name, string tag, Digest digest)
    {
        var before = default(Digest);
        if (!_tags.TryGetValue(name, out var tags) || !tags.TryGetValue(tag, out before))
        {
            if (++_tagCount > MaxTags)
            {
                _tags.Clear();
                _tagCount = 1;
            }

            if (!_tags.TryGetValue(name, out tags))
                _tags.Add(name, tags = new(StringComparer.Ordinal));
        }
        else if (before == digest)
        {
            return false;
        }

        tags[tag] = digest;
        return true;
    }
}
