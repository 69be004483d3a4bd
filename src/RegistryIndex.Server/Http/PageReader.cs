namespace RegistryIndex.Server.Http;

/// <summary>
/// Reads full pages. A provider may answer a search for several words with a short page and a continuation (contract 5.5); docker and
/// podman never request a second page, so the page is filled here.
/// </summary>
/// <param name="index">The index to search.</param>
/// <param name="query">The text to search for.</param>
/// <param name="continuation">The position to start from; null for the beginning.</param>
/// <param name="session">The request that the pages answer: reading ends when its session is exhausted (contract 5.8). Null for no bound.</param>
/// <param name="order">The order of the results.</param>
internal sealed class PageReader(IRegistryIndex index, string? query, string? continuation, SearchSession? session = null, SearchOrder order = SearchOrder.Relevance)
{
    // After this many empty pages, the page is returned as it is, with a continuation, even when the provider does not support sessions: so a
    // query that matches almost nothing in a huge index ends too.
    private const int MostEmptyPages = 50;

    private bool _found = continuation is not null; // an earlier page had something

    public string? Query => query;

    public string? Continuation { get; private set; } = continuation;

    public bool IsAtEnd { get; private set; }

    /// <summary>Whether the whole search has no results, on any page.</summary>
    public bool FoundNothing => IsAtEnd && !_found;

    public async Task<IReadOnlyList<Repository>> ReadAsync(int size, CancellationToken cancellationToken)
    {
        var rows = new List<Repository>();
        var names = new HashSet<string>(StringComparer.Ordinal); // a repository that is written meanwhile may be on two short pages
        for (var empty = 0; rows.Count < size && !IsAtEnd && session is not { IsExhausted: true } && empty < MostEmptyPages;)
        {
            var request = new SearchRequest(query, Math.Min(size - rows.Count, SearchRequest.MaxLimit), Continuation, order) { Session = session };
            var page = await index.SearchAsync(request, cancellationToken);
            rows.AddRange(page.Repositories.Where(repository => names.Add(repository.Name)));
            _found |= page.Repositories.Count > 0;
            empty += page.Repositories.Count == 0 ? 1 : 0;
            Continuation = page.Continuation;
            IsAtEnd = Continuation is null;
        }

        return rows;
    }
}
