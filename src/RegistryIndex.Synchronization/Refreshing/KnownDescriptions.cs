using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Refreshing;

/// <summary>Decides what is written for repositories some of whose images could not be read.</summary>
internal static class KnownDescriptions
{
    /// <summary>
    /// Returns the repository to write to an index that keeps descriptions. When the image of the preferred tag could not be read, a
    /// description from another tag never replaces the description in the index.
    /// </summary>
    public static async Task<Repository> WithoutDoubtAsync(this IRegistryIndex index, StoredRepository found, CancellationToken cancellationToken) =>
        found is { Problem: not null, Repository: { Description: not null } repository } && repository.FindProblem() is null
            && (await index.GetAsync(repository.Name, cancellationToken))?.Description is not null
            ? new(repository.Name, facts: repository.Facts)
            : found.Repository;
}
