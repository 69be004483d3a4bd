using System.Globalization;

namespace RegistryIndex.Server.Syncing;

/// <summary>What a re-sync did, or would do.</summary>
/// <param name="Written">What was added and updated.</param>
/// <param name="Removed">Gone from the registry, and now from the index.</param>
/// <param name="Withheld">Gone, as it seems, but too many at once to be removed without being told to.</param>
/// <param name="Unreadable">There, with an image that could not be read; their descriptions are those that could be had.</param>
/// <param name="Unclear">The registry did not say whether they are there; they stay as they are.</param>
/// <param name="IsEmpty">Whether the registry listed nothing at all, which is believed only by force.</param>
internal sealed record SyncResult(ImportResult Written, long Removed, long Withheld, long Unreadable, long Unclear, bool IsEmpty)
{
    /// <summary>What could not be read while all was; null when all could be.</summary>
    public UnreadPlaces? Unread { get; init; }

    public long Changes => Written.Added + Written.Updated + Removed;

    /// <summary>Whether nothing is left for a person to look at.</summary>
    public bool IsClean => Written.Refused + Withheld + Unreadable + Unclear == 0;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Written.Added:n0} added, {Written.Updated:n0} updated, {Removed:n0} removed, {Written.Unchanged:n0} unchanged, {Written.Refused:n0} refused, {Withheld:n0} withheld, {Unreadable:n0} unreadable, {Unclear:n0} unclear");
}

/// <summary>How a re-sync goes about it.</summary>
/// <param name="IsDryRun">Whether it writes nothing.</param>
/// <param name="IsForced">Whether it may remove any share of the index, and believes an empty listing.</param>
/// <param name="IsAdditive">Whether it only adds: it removes nothing, and where an image says no description the one that is there stays.</param>
/// <param name="Changed">Told of each change as a line: <c>+</c>, <c>~</c> or <c>-</c> and the name; only in a dry run for the first two.</param>
/// <param name="Progress">Told how far it is.</param>
internal sealed record SyncMode(bool IsDryRun = false, bool IsForced = false, bool IsAdditive = false, Action<string>? Changed = null, IProgress<ImportResult>? Progress = null);
