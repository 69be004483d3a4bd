using System.Globalization;

namespace RegistryIndex.Synchronization;

/// <summary>What a re-sync did, or would do.</summary>
/// <param name="Written">What was added and updated.</param>
/// <param name="Removed">Gone from the registry, and now from the index.</param>
/// <param name="Withheld">Gone, as it seems, but too many at once to be removed without being told to.</param>
/// <param name="Unreadable">There, with an image that could not be read; their descriptions are those that could be had.</param>
/// <param name="Unclear">The registry did not say whether they are there; they stay as they are.</param>
/// <param name="IsEmpty">Whether the registry listed nothing at all, which is believed only by force.</param>
public sealed record SyncResult(ImportResult Written, long Removed, long Withheld, long Unreadable, long Unclear, bool IsEmpty)
{
    /// <summary>What could not be read while all was; null when all could be.</summary>
    public UnreadPlaces? Unread { get; init; }

    /// <summary>How many repositories were added, updated and removed.</summary>
    public long Changes => Written.Added + Written.Updated + Removed;

    /// <summary>Whether nothing is left for a person to look at.</summary>
    public bool IsClean => Written.Refused + Withheld + Unreadable + Unclear == 0;

    /// <summary>The numbers, for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Written.Added:n0} added, {Written.Updated:n0} updated, {Removed:n0} removed, {Written.Unchanged:n0} unchanged, {Written.Refused:n0} refused, {Withheld:n0} withheld, {Unreadable:n0} unreadable, {Unclear:n0} unclear");
}
