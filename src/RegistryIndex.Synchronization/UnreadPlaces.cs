using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization;

/// <summary>What a load or re-sync could not read. The index may lack repositories that exist.</summary>
/// <param name="Count">How many repositories or directories could not be read.</param>
/// <param name="First">The problem of the first.</param>
public sealed record UnreadPlaces(long Count, string First)
{
    private const int MaxLength = 500; // it is stored in a mark, where text outside ASCII is six times as long

    /// <summary>Adds the unreadable places of a portion to those known already; null where everything could be read.</summary>
    internal static UnreadPlaces? Add(UnreadPlaces? known, IEnumerable<StoredRepository> portion)
    {
        foreach (var repository in portion.Where(repository => !repository.IsCertain))
            known = new((known?.Count ?? 0) + 1, known?.First ?? RepositoryName.Shown(repository.Problem!, MaxLength));
        return known;
    }

    /// <summary>Returns one sentence for operators.</summary>
    public override string ToString() => Count == 1
        ? $"The last complete reading could not read one repository or directory, so the index may lack its content: {First}"
        : $"The last complete reading could not read {Count} repositories or directories, so the index may lack their content; the first: {First}";
}
