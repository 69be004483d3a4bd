namespace RegistryIndex;

/// <summary>
/// Takes repositories in any order and keeps the best matches of a request. It serves searches of a source without a search index.
/// It holds one page, or a given number of repositories. Not thread-safe.
/// </summary>
/// <param name="request">The search.</param>
/// <param name="most">How many to keep. Null keeps a page and one more, which shows whether another page follows.</param>
public sealed class BestRanked(SearchRequest request, int? most = null)
{
    private readonly int _most = most ?? request.Limit + 1;

    // The worst is on top.
    private readonly PriorityQueue<Repository, RankKey> _best = new(Comparer<RankKey>.Create((left, right) => right.CompareTo(left)));

    /// <summary>Considers a repository. Add each repository once.</summary>
    public void Add(Repository repository)
    {
        if (request.Rank(repository) is not { } rank || (request.After is { } after && rank <= after))
            return;
        _best.Enqueue(repository, rank);
        if (_best.Count > _most)
            _best.Dequeue();
    }

    /// <summary>Returns the best matches with their ranks, in order. Call it once, after all repositories are added.</summary>
    public IReadOnlyList<(RankKey Rank, Repository Repository)> InOrder()
    {
        var inOrder = new (RankKey Rank, Repository Repository)[_best.Count];
        for (var place = inOrder.Length - 1; _best.TryDequeue(out var repository, out var rank); place--)
            inOrder[place] = (rank, repository);
        return inOrder;
    }

    /// <summary>Returns the page. Call it once, after all repositories are added.</summary>
    public SearchPage ToPage()
    {
        var best = InOrder();
        return request.ToPage([.. best.Take(request.Limit).Select(one => one.Repository)], best.Count > request.Limit ? best[request.Limit - 1].Rank : null);
    }
}
