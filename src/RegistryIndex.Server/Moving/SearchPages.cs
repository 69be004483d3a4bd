namespace RegistryIndex.Server.Moving;

/// <summary>A search that is walked through page by page.</summary>
/// <param name="Query">What is looked for.</param>
/// <param name="Limit">The page size.</param>
/// <param name="Continuation">Where it is; null at the beginning.</param>
internal sealed record Walk(string Query, int Limit, string? Continuation = null);

/// <summary>Answers many searches of one side at a time, a page of each.</summary>
internal sealed class SearchPages(OpenSide side)
{
    private const int AtOnce = 8;

    public Task<SearchPage[]> ReadAsync(IReadOnlyList<Walk> walks, CancellationToken cancellationToken) =>
        side.IsSearchable ? SearchAsync(walks, cancellationToken) : ScanAsync(walks, cancellationToken);

    private async Task<SearchPage[]> SearchAsync(IReadOnlyList<Walk> walks, CancellationToken cancellationToken)
    {
        var pages = new SearchPage[walks.Count];
        await Parallel.ForAsync(0, walks.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (place, cancelled) => pages[place] = await FillAsync(walks[place], cancelled));
        return pages;
    }

    // A page may be short where a provider bounds its work (contract 5.5): the rest is behind its continuation.
    private async Task<SearchPage> FillAsync(Walk walk, CancellationToken cancellationToken)
    {
        var found = new List<Repository>();
        var continuation = walk.Continuation;
        do
        {
            var page = await side.Index.SearchAsync(new(walk.Query, walk.Limit - found.Count, continuation), cancellationToken);
            found.AddRange(page.Repositories);
            continuation = page.Continuation;
        }
        while (continuation is not null && found.Count < walk.Limit);
        return new(found, continuation);
    }

    // What cannot be searched is ranked here, all searches in one pass.
    private async Task<SearchPage[]> ScanAsync(IReadOnlyList<Walk> walks, CancellationToken cancellationToken)
    {
        var best = walks.Select(walk => new BestRanked(new(walk.Query, walk.Limit, walk.Continuation))).ToArray();
        await foreach (var repository in side.ScanAsync(null, null, cancellationToken))
        {
            foreach (var one in best)
                one.Add(repository);
        }

        return [.. best.Select(one => one.ToPage())];
    }
}
