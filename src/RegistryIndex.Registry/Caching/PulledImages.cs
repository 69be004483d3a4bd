using RegistryIndex.Sources.Images;

namespace RegistryIndex.Registry.Caching;

/// <summary>
/// What clients pulled through a cache not long ago, as its events tell: that is in the cache, so that nobody upstream is asked when it
/// is read. Remembers the latest of so many; what is forgotten is known again when it is pulled again. Thread-safe.
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

    /// <summary>Notes a manifest or blob that was pulled, and the tag that it was pulled by.</summary>
    /// <returns>Whether that was not known yet.</returns>
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

    /// <summary>Makes a part unknown again, so that the next event of it is news.</summary>
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

    /// <summary>The tags that were pulled, and what they pointed at then.</summary>
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
