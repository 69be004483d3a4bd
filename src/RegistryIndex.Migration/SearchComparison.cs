using RegistryIndex.Migration.Comparing;

namespace RegistryIndex.Migration;

/// <summary>
/// Compares the search results of two indexes, page by page and in order. The second index gets the continuations of the first. Both indexes
/// may be written meanwhile, so pages are read several times: a repository counts as a difference only if it differs each time. If mirrors
/// keep the indexes equal, pages are read again for as long as the number of differences decreases.
/// </summary>
/// <param name="from">The first index.</param>
/// <param name="to">The second index.</param>
/// <param name="time">The clock.</param>
/// <param name="isMirrored">Whether a mirror may still make the indexes equal.</param>
public sealed class SearchComparison(MigrationEndpoint from, MigrationEndpoint to, TimeProvider time, bool isMirrored)
{
    private const int MostPages = 4;
    private const int MostTries = 6;
    private const int MostTriesOfMirrored = 60; // without a decrease
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly SearchPages _from = new(from, from.Index.Capabilities & to.Index.Capabilities);
    private readonly SearchPages _to = new(to, from.Index.Capabilities & to.Index.Capabilities);

    /// <summary>Finds the pages that differ.</summary>
    /// <param name="searches">The texts to search for, each with the page size.</param>
    /// <param name="cancellationToken">Cancels the comparison.</param>
    /// <exception cref="RegistryIndexException">One of the indexes failed.</exception>
    public async Task<IReadOnlyList<SearchDifference>> FindAsync(IEnumerable<(string Query, int Limit)> searches, CancellationToken cancellationToken)
    {
        var found = new List<SearchDifference>();
        List<PagedSearch> left = [.. searches.Select(search => new PagedSearch(search.Query, search.Limit))];
        for (var page = 1; page <= MostPages && left.Count > 0; page++)
        {
            var (different, next) = await CompareAsync(left, page, cancellationToken);
            found.AddRange(different);
            left = next;
        }

        return found;
    }

    /// <summary>Compares one page of each search.</summary>
    /// <returns>The differences, and the searches that have another page.</returns>
    private async Task<(IEnumerable<SearchDifference> Different, List<PagedSearch> Next)> CompareAsync(List<PagedSearch> searches, int page, CancellationToken cancellationToken)
    {
        var next = new List<PagedSearch>();
        var suspects = new Dictionary<PagedSearch, HashSet<string>>();
        var last = new Dictionary<PagedSearch, SearchDifference>();
        var doubtful = int.MaxValue;
        for (var tries = isMirrored ? MostTriesOfMirrored : MostTries; tries > 0 && searches.Count > 0; tries--)
        {
            if (doubtful < int.MaxValue)
                await Task.Delay(Pause, time, cancellationToken);
            var pages = await Task.WhenAll(_from.ReadAsync(searches, cancellationToken), _to.ReadAsync(searches, cancellationToken));
            for (var i = 0; i < searches.Count; i++)
            {
                var (search, left, right) = (searches[i], pages[0][i], pages[1][i]);
                var seen = PageDifference.Find(SearchQuery.Parse(search.Query), left, right);
                if (suspects.TryGetValue(search, out var still))
                    still.IntersectWith(seen);
                else
                    suspects[search] = seen;
                last[search] = new(search.Query, search.Limit, page, [.. left.Repositories.Select(r => r.Name)], [.. right.Repositories.Select(r => r.Name)]);
                if (suspects[search].Count == 0 && left.Continuation is { } continuation)
                    next.Add(search with { Continuation = continuation });
            }

            searches = [.. searches.Where(search => suspects[search].Count > 0)];
            var before = doubtful;
            doubtful = searches.Sum(search => suspects[search].Count);
            if (isMirrored && doubtful < before)
                tries = MostTriesOfMirrored;
        }

        return (searches.Select(search => last[search]), next);
    }
}
