namespace RegistryIndex.Migration.Comparing;

/// <summary>A search that is read page by page.</summary>
/// <param name="Query">The text to search for.</param>
/// <param name="Limit">The page size.</param>
/// <param name="Continuation">The current position; null at the beginning.</param>
internal sealed record PagedSearch(string Query, int Limit, string? Continuation = null);

/// <summary>Runs many searches of one index at the same time and reads one page of each.</summary>
/// <param name="endpoint">The index.</param>
/// <param name="shared">The capabilities that both compared indexes have. Facts are compared only if both keep them.</param>
internal sealed class SearchPages(MigrationEndpoint endpoint, IndexCapabilities shared)
{
    private const int AtOnce = 8;

    public Task<SearchPage[]> ReadAsync(IReadOnlyList<PagedSearch> searches, CancellationToken cancellationToken) =>
        endpoint.IsSearchable ? SearchAsync(searches, cancellationToken) : ScanAsync(searches, cancellationToken);

    private async Task<SearchPage[]> SearchAsync(IReadOnlyList<PagedSearch> searches, CancellationToken cancellationToken)
    {
        var pages = new SearchPage[searches.Count];
        await Parallel.ForAsync(0, searches.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (place, cancelled) => pages[place] = await FillAsync(searches[place], cancelled));
        return pages;
    }

    // A page may be short if a provider bounds its work (contract 5.5). Its continuation leads to the rest.
    private async Task<SearchPage> FillAsync(PagedSearch search, CancellationToken cancellationToken)
    {
        var found = new List<Repository>();
        var continuation = search.Continuation;
        do
        {
            var page = await endpoint.Index.SearchAsync(new(search.Query, search.Limit - found.Count, continuation), cancellationToken);
            found.AddRange(page.Repositories.Select(repository => repository.KeptBy(shared)));
            continuation = page.Continuation;
        }
        while (continuation is not null && found.Count < search.Limit);
        return new(found, continuation);
    }

    // If the index cannot be searched, all searches are ranked here in one pass.
    private async Task<SearchPage[]> ScanAsync(IReadOnlyList<PagedSearch> searches, CancellationToken cancellationToken)
    {
        var best = searches.Select(search => new BestRanked(new(search.Query, search.Limit, search.Continuation))).ToArray();
        await foreach (var repository in endpoint.Index.ScanAsync(cancellationToken: cancellationToken))
        {
            foreach (var one in best)
                one.Add(repository.KeptBy(shared));
        }

        return [.. best.Select(one => one.ToPage())];
    }
}
