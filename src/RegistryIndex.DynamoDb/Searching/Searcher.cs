using System.Runtime.CompilerServices;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>Answers searches and lists from the postings.</summary>
internal sealed class Searcher(SearchTables tables, SearchEffort effort)
{
    // What is read before the first of them is handed out.
    private const int MostConfirmed = 1000;

    private readonly ConditionalWeakTable<SearchSession, Shared> _sessions = [];

    /// <summary>Reads a page.</summary>
    /// <param name="log">Where the cost is counted.</param>
    /// <param name="request">The page.</param>
    /// <param name="tableBytes">The size of the repository table, as far as it is known.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<SearchPage> SearchAsync(RequestLog log, SearchRequest request, long tableBytes, CancellationToken cancellationToken)
    {
        var shared = request.Session is { } session ? _sessions.GetOrCreateValue(session) : new();
        var (search, handedOut) = shared.Search?.GoesOnWith(request) == true
            ? (shared.Search, shared.HandedOut)
            : (new(tables, request.Query, request.After, tableBytes, effort), 0);
        var budget = new ReadBudget(log, effort.Units - shared.Spent, search.MostUnitsOfPage(request.Limit), tables);
        shared.Search = null; // what a failed page has taken is lost
        try
        {
            var page = await search.ReadPageAsync(budget, request, Math.Max(request.Limit, (request.Session?.Wanted ?? 0) - handedOut), cancellationToken).ConfigureAwait(false);
            (shared.Search, shared.HandedOut) = (page.Continuation is null ? null : search, handedOut + page.Repositories.Count);
            if (page.Continuation is not null && page.Repositories.Count < request.Limit && budget.Left == budget.LeftOfRequest)
                request.Session?.Exhaust();
            return page;
        }
        finally
        {
            shared.Spent += budget.Spent;
        }
    }

    /// <summary>All repositories in name order, or the first so many; where nobody says how many, in portions that grow.</summary>
    public async IAsyncEnumerable<Repository> ListAsync(RequestLog log, string? after, int? most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = SearchQuery.Parse(null);
        var left = most ?? int.MaxValue;
        var candidates = new CandidateStream(tables, all, after is null ? null : new RankKey(0, "", after), Math.Min(most ?? Batches.MostReads, MostConfirmed));
        while (left > 0 && await candidates.PeekAsync(log, () => double.PositiveInfinity, cancellationToken).ConfigureAwait(false) is not null)
        {
            List<RankKey> portion = [];
            while (portion.Count < Math.Min(left, MostConfirmed) && candidates.PeekAtHand() is { } next)
            {
                portion.Add(next);
                candidates.Take();
            }

            var rows = await tables.ReadRowsOfAsync(log, all, portion, cancellationToken).ConfigureAwait(false);
            foreach (var name in portion.Select(candidate => candidate.Name))
            {
                if (!rows.TryGetValue(name, out var repository))
                    continue;
                yield return repository;
                left--;
            }
        }
    }

    /// <summary>What the searches of a session share.</summary>
    private sealed class Shared
    {
        public PostingSearch? Search { get; set; }

        public double Spent { get; set; }

        public int HandedOut { get; set; }
    }
}
