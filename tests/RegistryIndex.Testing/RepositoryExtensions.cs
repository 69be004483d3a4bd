namespace RegistryIndex.Testing;

/// <summary>Helpers for repositories in tests.</summary>
public static class RepositoryExtensions
{
    /// <summary>The repository with its name and description only.</summary>
    public static Repository WithoutFacts(this Repository repository) => new(repository.Name, repository.Description);

    /// <summary>
    /// The repositories in the order of their names, to compare many that come in no order. <c>BeEquivalentTo</c> compares each with each, which takes
    /// minutes for a thousand.
    /// </summary>
    public static IEnumerable<Repository> InOrderOfNames(this IEnumerable<Repository> repositories) => repositories.OrderBy(repository => repository.Name, StringComparer.Ordinal);
}
