namespace RegistryIndex;

/// <summary>
/// Takes repositories in any order and keeps the best that answer a request: a search of what has no index of its own.
/// Holds one page, or as many as are asked for. Not thread-safe.
/// </summary>
/// <param name="request">The search.</param>
/// <param name="most">How many to keep; null for the page and one more, which tells that the page is not the last.</param>
public sealed class BestRanked(SearchRequest request, int? most = null)
{
    private readonly int _most = most ?? request.Limit + 1;

    // The worst on top.
    private readonly PriorityQueue<Repository, RankKey> _best = new(Comparer<RankKey>.Create((left, right) => right.CompareTo(left)));

    /// <summary>Takes note of a repository, each once.</summary>
    public void Add(Repository repository)
    {
        if (request.Query.Rank(repository) is not { } rank || (request.After is { } after && rank <= after))
            return;
        _best.Enqueue(repository, rank);
        if (_best.Count > _most)
            _best.Dequeue();
    }

    /// <summary>The best with their ranks, in order, when all have been added; ends the use of this object.</summary>
    public IReadOnlyList<(RankKey Rank, Repository Repository)> InOrder()
    {
        var inOrder = new (RankKey Rank, Repository Repository)[_best.Count];
        for (var place = inOrder.Length - 1; _best.TryDequeue(out var repository, out var rank); place--)
            inOrder[place] = (rank, repository);
        return inOrder;
    }

    /// <summary>The page, when all have been added; ends the use of this object.</summary>
    public SearchPage ToPage()
    {
        var best = InOrder();
        return request.ToPage([.. best.Take(request.Limit).Select(one => one.Repository)], best.Count > request.Limit ? best[request.Limit - 1].Rank : null);
    }
}
