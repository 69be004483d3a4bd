namespace RegistryIndex.Benchmarks.Relevance;

/// <summary>The orders to compare. Each answers a query with the names of its first page.</summary>
internal static class Orders
{
    private const int Rows = 25; // the page size of docker and podman

    /// <summary>The contract's order, from its one implementation.</summary>
    public static IReadOnlyList<string> Contract(IReadOnlyList<Repository> repositories, string query)
    {
        var best = new BestRanked(new SearchRequest(query, Rows));
        foreach (var repository in repositories)
            best.Add(repository);
        return [.. best.ToPage().Repositories.Select(repository => repository.Name)];
    }

    /// <summary>The order of the Python predecessor: <c>LIKE '%query%'</c> on name and description, rows in the order of insertion.</summary>
    public static IReadOnlyList<string> Like(IReadOnlyList<Repository> repositories, string query) =>
        [.. repositories.Where(repository => Contains(repository.Name, query) || Contains(repository.Description, query)).Take(Rows).Select(repository => repository.Name)];

    private static bool Contains(string? text, string query) => text?.Contains(query, StringComparison.OrdinalIgnoreCase) == true;
}
