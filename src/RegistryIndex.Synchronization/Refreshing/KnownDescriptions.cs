using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Refreshing;

/// <summary>What is written of repositories whose images could not all be read.</summary>
internal static class KnownDescriptions
{
    /// <summary>
    /// The repository to be written where descriptions are kept: what another tag says, because the one that speaks could not be
    /// read, never takes the place of a description that is known.
    /// </summary>
    public static async Task<Repository> WithoutDoubtAsync(this IRegistryIndex index, StoredRepository found, CancellationToken cancellationToken) =>
        found is { Problem: not null, Repository: { Description: not null } repository } && repository.FindProblem() is null
            && (await index.GetAsync(repository.Name, cancellationToken))?.Description is not null
            ? new(repository.Name)
            : found.Repository;
}
