namespace RegistryIndex.Sources.Images;

/// <summary>
/// Remembers what the images of repositories said, for each tag that was read, so that unchanged images need not be read again. The memory
/// is limited: a repository that does not fit is read anew each time. Thread-safe.
/// </summary>
/// <param name="capacity">The limit, in bytes, approximately.</param>
internal sealed class ImageMemory(long capacity)
{
    private const int BytesOfARepository = 150;
    private const int BytesOfAnImage = 350; // with its digest

    private const int BytesOfFacts = 1_500;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, IReadOnlyList<TaggedImage>> _repositories = new(StringComparer.Ordinal);
    private long _size;

    /// <summary>Returns what is known about a repository.</summary>
    public IReadOnlyList<TaggedImage> Find(string name)
    {
        lock (_gate)
            return _repositories.GetValueOrDefault(name, []);
    }

    /// <summary>Replaces what is known about a repository; an empty list forgets it.</summary>
    public void Keep(string name, IReadOnlyList<TaggedImage> images)
    {
        lock (_gate)
        {
            if (_repositories.Remove(name, out var former))
                _size -= SizeOf(name, former);
            var size = SizeOf(name, images);
            if (images.Count == 0 || _size + size > capacity)
                return;
            _repositories.Add(name, images);
            _size += size;
        }
    }

    private static long SizeOf(string name, IReadOnlyList<TaggedImage> images) => BytesOfARepository + (sizeof(char) * name.Length) + images.Sum(tagged =>
        BytesOfAnImage + (BytesOfAnImage * tagged.Image.Lacking.Count) + (sizeof(char) * (tagged.Tag.Length + (tagged.Image.Description?.Length ?? 0) + (tagged.Image.Problem?.Length ?? 0))) + (tagged.Image.Facts is null ? 0 : BytesOfFacts));
}

/// <summary>An image, and the tag that pointed at it.</summary>
internal readonly record struct TaggedImage(string Tag, Image Image);
