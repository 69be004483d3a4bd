namespace RegistryIndex.Server.Moving;

/// <summary>
/// Compares what two indexes find, page by page and in order; the second is given the continuations of the first. Either may
/// be written meanwhile, so pages are read again: a repository counts as a difference only if it is one each time; where mirrors
/// keep the two equal, for as long as fewer and fewer are.
/// </summary>
/// <param name="from">The one.</param>
/// <param name="to">The other.</param>
/// <param name="time">The clock.</param>
/// <param name="isMirrored">Whether a mirror may be about to make them equal.</param>
internal sealed class SearchComparison(OpenSide from, OpenSide to, TimeProvider time, bool isMirrored)
{
    private const int MostPages = 4;
    private const int MostTries = 6;
    private const int MostTriesOfMirrored = 60; // without one fewer
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly SearchPages _from = new(from);
    private readonly SearchPages _to = new(to);

    public async Task<IReadOnlyList<SearchDifference>> FindAsync(IEnumerable<(string Query, int Limit)> searches, CancellationToken cancellationToken)
    {
        var found = new List<SearchDifference>();
        List<Walk> walks = [.. searches.Select(search => new Walk(search.Query, search.Limit))];
        for (var page = 1; page <= MostPages && walks.Count > 0; page++)
        {
            var (different, next) = await CompareAsync(walks, page, cancellationToken);
            found.AddRange(different);
            walks = next;
        }

        return found;
    }

    /// <summary>Compares a page of each walk.</summary>
    /// <returns>The differences, and the walks that go on.</returns>
    private async Task<(IEnumerable<SearchDifference> Different, List<Walk> Next)> CompareAsync(List<Walk> walks, int page, CancellationToken cancellationToken)
    {
        var next = new List<Walk>();
        var suspects = new Dictionary<Walk, HashSet<string>>();
        var last = new Dictionary<Walk, SearchDifference>();
        var doubtful = int.MaxValue;
        for (var tries = isMirrored ? MostTriesOfMirrored : MostTries; tries > 0 && walks.Count > 0; tries--)
        {
            if (doubtful < int.MaxValue)
                await Task.Delay(Pause, time, cancellationToken);
            var pages = await Task.WhenAll(_from.ReadAsync(walks, cancellationToken), _to.ReadAsync(walks, cancellationToken));
            for (var i = 0; i < walks.Count; i++)
            {
                var (walk, left, right) = (walks[i], pages[0][i], pages[1][i]);
                var seen = PageDifference.Find(SearchQuery.Parse(walk.Query), left, right);
                if (suspects.TryGetValue(walk, out var still))
                    still.IntersectWith(seen);
                else
                    suspects[walk] = seen;
                last[walk] = new(walk.Query, walk.Limit, page, [.. left.Repositories.Select(r => r.Name)], [.. right.Repositories.Select(r => r.Name)]);
                if (suspects[walk].Count == 0 && left.Continuation is { } continuation)
                    next.Add(walk with { Continuation = continuation });
            }

            walks = [.. walks.Where(walk => suspects[walk].Count > 0)];
            var before = doubtful;
            doubtful = walks.Sum(walk => suspects[walk].Count);
            if (isMirrored && doubtful < before)
                tries = MostTriesOfMirrored;
        }

        return (walks.Select(walk => last[walk]), next);
    }
}
