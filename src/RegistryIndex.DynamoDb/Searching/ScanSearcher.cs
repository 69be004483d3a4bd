using System.Runtime.CompilerServices;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// Answers from a scan of the repository table, as long as not every row has its postings: dear, but nothing is missing.
/// </summary>
internal sealed class ScanSearcher(RequestSender sender, TableNames tables, bool consistent)
{
    // What the pages of one request show, so that it is scanned for once.
    private readonly ConditionalWeakTable<SearchSession, Scanned> _sessions = [];

    public async Task<SearchPage> SearchAsync(RequestLog log, SearchRequest request, CancellationToken cancellationToken)
    {
        var best = new BestRanked(request);
        var repositories = request.Session is { } session && session.Wanted > request.Limit
            ? (await MatchesAsync(log, session, request.Query, cancellationToken).ConfigureAwait(false)).ToAsyncEnumerable()
            : ScanAsync(log, cancellationToken);
        await foreach (var repository in repositories.ConfigureAwait(false))
            best.Add(repository);
        return best.ToPage();
    }

    /// <summary>All repositories after a name, in name order; all of them are in memory at once.</summary>
    public async Task<List<Repository>> ListAsync(RequestLog log, string? after, CancellationToken cancellationToken)
    {
        List<Repository> found = [];
        await foreach (var repository in ScanAsync(log, cancellationToken).ConfigureAwait(false))
        {
            if (after is null || CodePointOrder.Comparer.Compare(repository.Name, after) > 0)
                found.Add(repository);
        }

        found.Sort((left, right) => CodePointOrder.Comparer.Compare(left.Name, right.Name));
        return found;
    }

    private async Task<List<Repository>> MatchesAsync(RequestLog log, SearchSession session, SearchQuery query, CancellationToken cancellationToken)
    {
        if (_sessions.TryGetValue(session, out var scanned) && scanned.Query == query.ToString())
            return scanned.Matches;
        var matches = await ScanAsync(log, cancellationToken).Where(repository => query.Rank(repository) is not null).ToListAsync(cancellationToken).ConfigureAwait(false);
        _sessions.AddOrUpdate(session, new(query.ToString(), matches));
        return matches;
    }

    private IAsyncEnumerable<Repository> ScanAsync(RequestLog log, CancellationToken cancellationToken) =>
        sender.ScanRepositoriesAsync(log, tables.Repository, consistent, after: null, limit: null, cancellationToken);

    private sealed record Scanned(string Query, List<Repository> Matches);
}
