using RegistryIndex.Migration.Comparing;

namespace RegistryIndex.Migration;

/// <summary>
/// Compares what two indexes find, page by page and in order; the second is given the continuations of the first. Either may
/// be written meanwhile, so pages are read again: a repository counts as a difference only if it is one each time; where mirrors
/// keep the two equal, for as long as fewer and fewer are.
/// </summary>
/// <param name="from">The one.</param>
/// <param name="to">The other.</param>
/// <param name="time">The clock.</param>
/// <param name="isMirrored">Whether a mirror may be about to make them equal.</param>
public sealed class SearchComparison(MigrationEndpoint from, MigrationEndpoint to, TimeProvider time, bool isMirrored)
{
    private const int MostPages = 4;
    private const int MostTries = 6;
    private const int MostTriesOfMirrored = 60; // without one fewer
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly SearchPages _from = new(from);
    private readonly SearchPages _to = new(to);

    /// <summary>The pages that differ.</summary>
    /// <param name="searches">What to search for, and the page size.</param>
    /// <param name="cancellationToken">Cancels the comparison.</param>
    /// <exception cref="RegistryIndexException">One of the two failed.</exception>
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

    /// <summary>Compares a page of each search.</summary>
    /// <returns>The differences, and the searches that go on.</returns>
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
