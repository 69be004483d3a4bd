using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Refreshing;

/// <summary>Decides what is written for repositories some of whose images could not be read.</summary>
internal static class KnownDescriptions
{
    /// <summary>
    /// Returns the repository to write to an index that keeps descriptions. When an image could not be read, a description from another
    /// tag never replaces the description in the index.
    /// </summary>
    public static async Task<Repository> WithoutDoubtAsync(this IRegistryIndex index, StoredRepository found, CancellationToken cancellationToken)
    {
        var repository = found.Repository;
        if (found.Problem is null || repository.FindProblem() is not null)
            return repository;
        var stored = await index.GetAsync(repository.Name, cancellationToken);
        return stored?.Description is { } kept && kept != repository.Description ? new(repository.Name, facts: Beside(stored.Facts, repository.Facts)) : repository;
    }

    // The digests in the facts say from which images the description comes, and these are not read again while they are the same. So a kept
    // description keeps the facts that it came with. If the image is another one, its digest is left out until the description is certain.
    private static RepositoryFacts? Beside(RepositoryFacts? known, RepositoryFacts? read) =>
        read is null ? null
        : known?.Digest is { } digest && digest == read.Digest ? known with { PushedAt = read.PushedAt ?? known.PushedAt }
        : read with { Digest = null, DescriptionTag = null, OtherImages = null };
}
