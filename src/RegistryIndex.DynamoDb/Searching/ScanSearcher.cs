using System.Runtime.CompilerServices;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// Answers searches from a scan of the repository table while some rows have no postings yet. This is expensive, but complete.
/// </summary>
internal sealed class ScanSearcher(SearchTables tables, int mostInMemory = ScanSearcher.MostInMemory)
{
    /// <summary>
    /// How many repositories one request keeps for its further pages: some 10 MB, or 30 MB with facts. Beyond that, the table is scanned again.
    /// </summary>
    public const int MostInMemory = 11_000;

    // The results for the pages of one request, so that the request scans once.
    private readonly ConditionalWeakTable<SearchSession, Scanned> _sessions = [];

    public async Task<SearchPage> SearchAsync(RequestLog log, SearchRequest request, CancellationToken cancellationToken)
    {
        if (request.Session is not { } session)
            return (await ScanAsync(log, request, request.Limit, cancellationToken).ConfigureAwait(false)).ToPage(request);
        if (!_sessions.TryGetValue(session, out var scanned) || !scanned.Holds(request))
        {
            scanned = await ScanAsync(log, request, Math.Max(request.Limit, Math.Min(session.Wanted, mostInMemory)), cancellationToken).ConfigureAwait(false);
            _sessions.AddOrUpdate(session, scanned);
        }

        return scanned.ToPage(request);
    }

    private async Task<Scanned> ScanAsync(RequestLog log, SearchRequest request, int wanted, CancellationToken cancellationToken)
    {
        // One more result shows whether there are more.
        var best = new BestRanked(request, wanted + 1);
        await foreach (var repository in tables.ScanAsync(log, cancellationToken).ConfigureAwait(false))
            best.Add(repository);
        (RankKey Rank, Repository Repository)[] inOrder = [.. best.InOrder()];
        var isCut = inOrder.Length > wanted;
        return new(request, isCut ? inOrder[..wanted] : inOrder, isCut);
    }

    /// <summary>The best results of a query after a place.</summary>
    /// <param name="Scan">The request that caused the scan.</param>
    /// <param name="InOrder">The best results.</param>
    /// <param name="IsCut">Whether there are more results.</param>
    private sealed record Scanned(SearchRequest Scan, (RankKey Rank, Repository Repository)[] InOrder, bool IsCut)
    {
        public bool Holds(SearchRequest request) => Scan.Query.ToString() == request.Query.ToString() && Scan.Order == request.Order
            && (Scan.After is not { } begin || (request.After is { } after && after >= begin))
            && (!IsCut || Beginning(request) + request.Limit <= InOrder.Length);

        public SearchPage ToPage(SearchRequest request)
        {
            var begin = Beginning(request);
            var page = InOrder.AsSpan(begin, Math.Min(request.Limit, InOrder.Length - begin));
            var isMore = IsCut || begin + page.Length < InOrder.Length;
            return request.ToPage([.. page.ToArray().Select(one => one.Repository)], isMore ? page[^1].Rank : null);
        }

        private int Beginning(SearchRequest request)
        {
            if (request.After is not { } after)
                return 0;
            var place = Array.BinarySearch([.. InOrder.Select(one => one.Rank)], after);
            return place < 0 ? ~place : place + 1;
        }
    }
}
