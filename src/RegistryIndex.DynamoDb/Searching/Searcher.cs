using System.Runtime.CompilerServices;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>Answers searches from the postings.</summary>
internal sealed class Searcher(SearchTables tables, SearchEffort effort)
{
    private readonly ConditionalWeakTable<SearchSession, Shared> _sessions = [];

    /// <summary>Reads a page.</summary>
    /// <param name="log">Counts the cost.</param>
    /// <param name="request">The page.</param>
    /// <param name="tableBytes">The size of the repository table, as far as it is known.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<SearchPage> SearchAsync(RequestLog log, SearchRequest request, long tableBytes, CancellationToken cancellationToken)
    {
        var shared = request.Session is { } session ? _sessions.GetOrCreateValue(session) : new();
        var (search, handedOut) = shared.Search?.GoesOnWith(request) == true
            ? (shared.Search, shared.HandedOut)
            : (new(tables, request, tableBytes, effort), 0);
        var budget = new ReadBudget(log, effort.Units - shared.Spent, search.MostUnitsOfPage(request.Limit), tables);
        shared.Search = null; // a failed page loses the candidates that it has taken
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

    /// <summary>The state that the searches of a session share.</summary>
    private sealed class Shared
    {
        public PostingSearch? Search { get; set; }

        public double Spent { get; set; }

        public int HandedOut { get; set; }
    }
}
