namespace RegistryIndex;

/// <summary>
/// Takes repositories in any order and keeps the page that answers a request: a search of what has no index of its own.
/// Holds one page. Not thread-safe.
/// </summary>
/// <param name="request">The search.</param>
public sealed class BestRanked(SearchRequest request)
{
    // The best page and one more, which tells that the page is not the last; the worst on top.
    private readonly PriorityQueue<Repository, RankKey> _best = new(Comparer<RankKey>.Create((left, right) => right.CompareTo(left)));

    /// <summary>Takes note of a repository, each once.</summary>
    public void Add(Repository repository)
    {
        if (request.Query.Rank(repository) is not { } rank || (request.After is { } after && rank <= after))
            return;
        _best.Enqueue(repository, rank);
        if (_best.Count > request.Limit + 1)
            _best.Dequeue();
    }

    /// <summary>The page, when all have been added; ends the use of this object.</summary>
    public SearchPage ToPage()
    {
        var isMore = _best.Count > request.Limit;
        if (isMore)
            _best.Dequeue();
        RankKey? last = _best.TryPeek(out _, out var worst) ? worst : null;
        var page = new Repository[_best.Count];
        for (var place = page.Length - 1; place >= 0; place--)
            page[place] = _best.Dequeue();
        return request.ToPage(page, isMore ? last : null);
    }
}
