namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>A search over all listed repositories, with the rank, order and position of a mutant.</summary>
internal static class BruteForce
{
    /// <summary>Creates an index that searches with another rank.</summary>
    public static AlteredIndex Ranking(IRegistryIndex index, Func<SearchQuery, Repository, RankKey?> rank, Comparison<RankKey>? order = null) =>
        new(index) { Search = (request, cancellation) => SearchAsync(index, request, rank, order, cancellation: cancellation) };

    /// <summary>Creates an index that folds names, descriptions and queries in another way. Queries are already folded.</summary>
    public static AlteredIndex Folding(IRegistryIndex index, Func<string, string> fold) =>
        Ranking(index, (query, repository) => SearchQuery.Parse(string.Join(' ', query.Words.Select(fold))).Rank(repository.Name, fold(repository.Name), fold(repository.Description ?? "")));

    /// <summary>Creates an index that finds by another condition, and ranks the results correctly where possible.</summary>
    public static AlteredIndex Finding(IRegistryIndex index, Func<SearchQuery, Repository, bool> finds) =>
        Ranking(index, (query, repository) => finds(query, repository) ? query.Rank(repository) ?? new RankKey(3, query.RankingWord ?? "", repository.Name) : null);

    public static async Task<SearchPage> SearchAsync(
        IRegistryIndex index, SearchRequest request, Func<SearchQuery, Repository, RankKey?> rank, Comparison<RankKey>? order = null,
        Func<RankKey, RankKey, bool>? isAfter = null, CancellationToken cancellation = default)
    {
        order ??= (left, right) => left.CompareTo(right);
        isAfter ??= (key, after) => order(key, after) > 0;
        var found = new List<(Repository Repository, RankKey Key)>();
        await foreach (var repository in index.ListAsync(cancellationToken: cancellation))
        {
            if (rank(request.Query, repository) is { } key && (request.After is not { } after || isAfter(key, after)))
                found.Add((repository, key));
        }

        found.Sort((left, right) => order(left.Key, right.Key));
        var page = found.Take(request.Limit).ToList();
        return request.ToPage([.. page.Select(hit => hit.Repository)], found.Count > page.Count ? page[^1].Key : null);
    }

    /// <summary>Returns name and description, folded correctly.</summary>
    public static (string Name, string Description) Fold(Repository repository) =>
        (RegistryIndex.Folding.Fold(repository.Name), RegistryIndex.Folding.Fold(repository.Description ?? ""));
}
