using System.Runtime.CompilerServices;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// Answers from a scan of the repository table, as long as not every row has its postings: dear, but nothing is missing.
/// </summary>
internal sealed class ScanSearcher(SearchTables tables)
{
    // What the pages of one request show, so that it is scanned for once.
    private readonly ConditionalWeakTable<SearchSession, Scanned> _sessions = [];

    public async Task<SearchPage> SearchAsync(RequestLog log, SearchRequest request, CancellationToken cancellationToken)
    {
        var best = new BestRanked(request);
        var repositories = request.Session is { } session && session.Wanted > request.Limit
            ? (await MatchesAsync(log, session, request.Query, cancellationToken).ConfigureAwait(false)).ToAsyncEnumerable()
            : tables.ScanAsync(log, cancellationToken);
        await foreach (var repository in repositories.ConfigureAwait(false))
            best.Add(repository);
        return best.ToPage();
    }

    private async Task<List<Repository>> MatchesAsync(RequestLog log, SearchSession session, SearchQuery query, CancellationToken cancellationToken)
    {
        if (_sessions.TryGetValue(session, out var scanned) && scanned.Query == query.ToString())
            return scanned.Matches;
        var matches = await tables.ScanAsync(log, cancellationToken).Where(repository => query.Rank(repository) is not null).ToListAsync(cancellationToken).ConfigureAwait(false);
        _sessions.AddOrUpdate(session, new(query.ToString(), matches));
        return matches;
    }

    private sealed record Scanned(string Query, List<Repository> Matches);
}
