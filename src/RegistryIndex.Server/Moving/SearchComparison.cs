namespace RegistryIndex.Server.Moving;

/// <summary>Compares what two indexes find, page by page and in order.</summary>
internal sealed class SearchComparison(OpenSide from, OpenSide to, TimeProvider time)
{
    private const int MostPages = 4;

    // While either side is written, a page may differ for a moment.
    private const int MostTries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly SearchPages _from = new(from);
    private readonly SearchPages _to = new(to);

    public async Task<IReadOnlyList<SearchDifference>> FindAsync(IReadOnlyList<(string Query, int Limit)> searches, CancellationToken cancellationToken)
    {
        IReadOnlyList<SearchDifference> found = [];
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (tries > 0)
                await Task.Delay(Pause, time, cancellationToken);
            found = await FindOnceAsync(searches, cancellationToken);
            if (found.Count == 0)
                break;
            searches = [.. found.Select(difference => (difference.Query, difference.Limit))];
        }

        return found;
    }

    private async Task<IReadOnlyList<SearchDifference>> FindOnceAsync(IReadOnlyList<(string Query, int Limit)> searches, CancellationToken cancellationToken)
    {
        var found = new List<SearchDifference>();
        Walk[] left = [.. searches.Select(search => new Walk(search.Query, search.Limit))];
        var right = left;
        for (var page = 1; page <= MostPages && left.Length > 0; page++)
        {
            var pages = await Task.WhenAll(_from.ReadAsync(left, cancellationToken), _to.ReadAsync(right, cancellationToken));
            var (leftOn, rightOn) = (new List<Walk>(), new List<Walk>());
            for (var i = 0; i < left.Length; i++)
            {
                var (ofFrom, ofTo) = (pages[0][i], pages[1][i]);
                if (!ofFrom.Repositories.SequenceEqual(ofTo.Repositories))
                {
                    found.Add(new(left[i].Query, left[i].Limit, page, [.. ofFrom.Repositories.Select(r => r.Name)], [.. ofTo.Repositories.Select(r => r.Name)]));
                }
                else if (ofFrom.Continuation is not null && ofTo.Continuation is not null)
                {
                    leftOn.Add(left[i] with { Continuation = ofFrom.Continuation });
                    rightOn.Add(right[i] with { Continuation = ofTo.Continuation });
                }
            }

            (left, right) = ([.. leftOn], [.. rightOn]);
        }

        return found;
    }
}
