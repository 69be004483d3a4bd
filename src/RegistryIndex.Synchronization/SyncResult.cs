using System.Globalization;

namespace RegistryIndex.Synchronization;

/// <summary>What a re-sync did, or would do.</summary>
/// <param name="Written">What was added and updated.</param>
/// <param name="Removed">How many are gone from the registry, and were removed from the index.</param>
/// <param name="Withheld">How many seem to be gone, but were kept because removing them needs force.</param>
/// <param name="Unreadable">How many exist with an image that could not be read; they have the best description that could be read.</param>
/// <param name="Unclear">How many the registry gave no clear answer about; they stay as they are.</param>
/// <param name="IsEmpty">Whether the registry listed nothing, which is accepted only by force.</param>
public sealed record SyncResult(ImportResult Written, long Removed, long Withheld, long Unreadable, long Unclear, bool IsEmpty)
{
    /// <summary>What this run could not read; null when everything could be read.</summary>
    public UnreadPlaces? Unread { get; init; }

    /// <summary>How many repositories were added, updated and removed.</summary>
    public long Changes => Written.Added + Written.Updated + Removed;

    /// <summary>Whether nothing is left for an operator to look at.</summary>
    public bool IsClean => Written.Refused + Withheld + Unreadable + Unclear == 0;

    /// <summary>Returns the numbers as text for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Written.Added:n0} added, {Written.Updated:n0} updated, {Removed:n0} removed, {Written.Unchanged:n0} unchanged, {Written.Refused:n0} refused, {Withheld:n0} withheld, {Unreadable:n0} unreadable, {Unclear:n0} unclear");
}
