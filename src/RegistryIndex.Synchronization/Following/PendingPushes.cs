using System.Collections.Immutable;
using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Following;

/// <summary>The pushes of one repository that were noted and are not written yet.</summary>
internal sealed class PendingPushes
{
    private const int MaxTags = 16; // the tags of the last pushes: earlier ones can be listed by then

    private readonly ImmutableDictionary<string, string?> _digests;

    private PendingPushes(DateTimeOffset? last, ImmutableDictionary<string, string?> digests) => (Last, _digests) = (last, digests);

    public static PendingPushes None { get; } = new(last: null, ImmutableDictionary.Create<string, string?>(StringComparer.Ordinal));

    /// <summary>The time of the last push of an image; null where none is known.</summary>
    public DateTimeOffset? Last { get; }

    public PendingPushes With(RepositoryPush push) =>
        new(Last > push.At ? Last : push.At ?? Last, (_digests.Count < MaxTags ? _digests : _digests.Clear()).SetItem(push.Tag, push.Digest));

    /// <summary>
    /// Whether a look-up found the pushes. Distribution sends the event of a push before it writes the tag, so the tag may be missing, or
    /// still be that of the image before. A tag that was deleted or moved afterwards looks the same.
    /// </summary>
    /// <param name="found">What was found; null where the repository has no tag.</param>
    public bool AreIn(StoredRepository? found) => _digests.All(push => found is not null && IsIn(found, push.Key, push.Value));

    private static bool IsIn(StoredRepository found, string tag, string? digest) =>
        found.Repository.Facts is { Digest: { } its } facts && facts.Tag == tag
            ? digest is null || digest == its
            : found.Tags?.Contains(tag, StringComparer.Ordinal) ?? true;
}
