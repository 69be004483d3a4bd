using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Following;

/// <summary>The pushes of one repository that were noted and are not written yet.</summary>
internal sealed class PendingPushes
{
    private const int MaxTags = 16;

    private readonly RepositoryPush[] _ofTags; // the last push of each tag, the latest at the end

    private PendingPushes(DateTimeOffset? last, RepositoryPush[] ofTags) => (Last, _ofTags) = (last, ofTags);

    public static PendingPushes None { get; } = new(last: null, []);

    /// <summary>The time of the last push of an image; null where none is known.</summary>
    public DateTimeOffset? Last { get; }

    /// <summary>Adds a push. Of the tags, only the last few are kept: the others can be listed by then.</summary>
    public PendingPushes With(RepositoryPush push) =>
        new(Last > push.At ? Last : push.At ?? Last, [.. _ofTags.Where(other => other.Tag != push.Tag).TakeLast(MaxTags - 1), push]);

    /// <summary>Keeps the time, for the next look-up.</summary>
    public PendingPushes WithoutTags() => new(Last, []);

    /// <summary>
    /// Whether a look-up found the pushes. Distribution sends the event of a push before it writes the tag, so the tag may be missing, have no
    /// image, or still have the image before. A tag that was deleted or moved afterwards looks the same.
    /// </summary>
    /// <param name="found">What was found; null where the repository has no tag.</param>
    public bool AreIn(StoredRepository? found) => _ofTags.All(push => found is not null && IsIn(found, push));

    private static bool IsIn(StoredRepository found, RepositoryPush push)
    {
        if (found.Tags is null)
            return true;
        if (!found.Tags.Contains(push.Tag, StringComparer.Ordinal))
            return false;
        var digest = FindDigest(found.Repository.Facts, push.Tag);
        return digest is null ? found.Problem is null : push.Digest is null || push.Digest == digest;
    }

    // Facts have the digests of the images that were read.
    private static string? FindDigest(RepositoryFacts? facts, string tag) =>
        facts?.Tag == tag ? facts.Digest : facts?.OtherImages?.FirstOrDefault(other => other.StartsWith($"{tag}@", StringComparison.Ordinal))?[(tag.Length + 1)..];
}
