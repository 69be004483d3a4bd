using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization;

/// <summary>What a load or re-sync could not read, so that the index may lack what is there.</summary>
/// <param name="Count">How many repositories or directories.</param>
/// <param name="First">The problem of the first.</param>
public sealed record UnreadPlaces(long Count, string First)
{
    private const int MaxLength = 500; // it is kept in a mark, six times as long where it is no ASCII

    /// <summary>What is known already and those of a portion; null where all could be read.</summary>
    internal static UnreadPlaces? Add(UnreadPlaces? known, IEnumerable<StoredRepository> portion)
    {
        foreach (var repository in portion.Where(repository => !repository.IsCertain))
            known = new((known?.Count ?? 0) + 1, known?.First ?? RepositoryName.Shown(repository.Problem!, MaxLength));
        return known;
    }

    /// <summary>One sentence for operators.</summary>
    public override string ToString() => Count == 1
        ? $"One repository or directory could not be read when all were read last, so that the index may lack what is there: {First}"
        : $"{Count} repositories or directories could not be read when all were read last, so that the index may lack what is there; the first: {First}";
}
