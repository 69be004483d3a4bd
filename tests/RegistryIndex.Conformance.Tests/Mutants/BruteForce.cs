namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>A search over everything that is listed, with rank, order and place as a mutant wants them.</summary>
internal static class BruteForce
{
    /// <summary>Makes an index that searches with a rank of its own.</summary>
    public static Bent Ranking(IRegistryIndex index, Func<SearchQuery, Repository, RankKey?> rank, Comparison<RankKey>? order = null) =>
        new(index) { Search = (request, cancellation) => SearchAsync(index, request, rank, order, cancellation: cancellation) };

    /// <summary>Makes an index that folds text its own way: names, descriptions, and queries, which arrive folded.</summary>
    public static Bent Folding(IRegistryIndex index, Func<string, string> fold) =>
        Ranking(index, (query, repository) => SearchQuery.Parse(string.Join(' ', query.Words.Select(fold))).Rank(repository.Name, fold(repository.Name), fold(repository.Description ?? "")));

    /// <summary>Makes an index that finds by a condition of its own, and ranks what it finds as is right where it can.</summary>
    public static Bent Finding(IRegistryIndex index, Func<SearchQuery, Repository, bool> finds) =>
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

    /// <summary>Name and description, folded as is right.</summary>
    public static (string Name, string Description) Fold(Repository repository) =>
        (RegistryIndex.Folding.Fold(repository.Name), RegistryIndex.Folding.Fold(repository.Description ?? ""));
}
