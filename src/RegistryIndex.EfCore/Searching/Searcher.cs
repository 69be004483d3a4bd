using System.Data.Common;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Memory;
using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.Searching;

/// <summary>
/// Answers a search. A page that starts of path segments fill, as most are, is one statement that reads it from an index; what that
/// leaves open is looked for in memory, and where that cannot tell, by others in the names, and then in the descriptions.
/// </summary>
internal sealed class Searcher(IndexDatabase database, SearchMemory? memory, ReadConnection connection, SearchRequest request, CancellationToken cancellationToken)
{
    // One more than the page holds tells that the page is not the last.
    private readonly int _wanted = request.Limit + 1;

    private bool SearchesStartsOnly => request.Query.RankingWord is { } word && SearchQuery.MatchesSegmentStartsOnly(word);

    public async Task<SearchPage> SearchAsync()
    {
        // What one statement answers needs no transaction.
        if (database.StatementsReadSnapshots && await ReadOnceAsync().ConfigureAwait(false) is { } all)
            return ToPage(all);
        if (memory is not null && request.Query.RankingWord is not null && await memory.TrySearchAsync(connection, request, cancellationToken).ConfigureAwait(false) is { } page)
            return page;

        // One snapshot for all statements: a repository that moves between the tiers is neither missed nor shown twice.
        var transaction = await database.BeginReadAsync(connection.Db, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
            return ToPage(await ReadAsync().ConfigureAwait(false));
    }

    private async Task<List<Hit>?> ReadOnceAsync()
    {
        if (request.Query.RankingWord is null)
            return await ReadAsync(Write().All()).ConfigureAwait(false);
        return await ReadStartsAsync().ConfigureAwait(false) is { IsAll: true } starts ? starts.Hits : null;
    }

    private async Task<List<Hit>> ReadAsync()
    {
        if (await ReadOnceAsync().ConfigureAwait(false) is { } all)
            return all;
        var hits = request.After is { Tier: 3 } ? [] : await ReadNamesAsync().ConfigureAwait(false);
        if (hits.Count < _wanted && !SearchesStartsOnly)
            hits.AddRange(await ReadAsync(Write(_wanted - hits.Count).InDescriptions()).ConfigureAwait(false));
        return hits;
    }

    private async Task<List<Hit>> ReadNamesAsync()
    {
        if (await ReadStartsAsync().ConfigureAwait(false) is not { } starts)
            return await ReadAsync(Write().InNames()).ConfigureAwait(false);
        var names = starts.Hits.Count == _wanted || SearchesStartsOnly ? Names.WithoutStarts : Names.NotAtStarts;
        return Merge(starts.Hits, await ReadAsync(Write().InNames(names)).ConfigureAwait(false));
    }

    // Null where they do not tell all matches of tier 1 that come before the last of them.
    private async Task<Starts?> ReadStartsAsync()
    {
        if (database.SchemaVersion < Schema.FirstWithStarts || request.After is { Tier: > 1 })
            return null;
        var search = Write();
        var hits = await ReadAsync(search.AtStarts()).ConfigureAwait(false);
        var isFull = hits.Count == _wanted;
        return isFull || !search.HasOtherWords ? new(hits, IsAll: isFull && !hits[0].HasOdd) : null;
    }

    private SearchSql Write(int? wanted = null) => database.Search(request.Query, request.After, wanted ?? _wanted);

    private Task<List<Hit>> ReadAsync(SearchStatement statement) => connection.ReadAsync(statement, Hit.Of, cancellationToken);

    // Each keeps the order that the database gave it.
    private static List<Hit> Merge(List<Hit> some, List<Hit> others)
    {
        var merged = new List<Hit>(some.Count + others.Count);
        var (i, j) = (0, 0);
        while (i < some.Count || j < others.Count)
            merged.Add(j == others.Count || (i < some.Count && some[i].Rank < others[j].Rank) ? some[i++] : others[j++]);
        return merged;
    }

    private SearchPage ToPage(List<Hit> hits)
    {
        var page = hits.Take(request.Limit);
        return request.ToPage([.. page.Where(hit => hit.IsThere).Select(hit => hit.Repository)], hits.Count > request.Limit ? hits[request.Limit - 1].Rank : null);
    }

    private sealed record Starts(List<Hit> Hits, bool IsAll);
}

/// <summary>A row of a page as the database gives it.</summary>
/// <param name="Rank">Its place.</param>
/// <param name="Repository">The repository.</param>
/// <param name="IsThere">False where an old writer has removed the repository beside us: it has its place yet, and is not shown.</param>
/// <param name="HasOdd">Of a row that a start has found: whether there are repositories without starts.</param>
internal readonly record struct Hit(RankKey Rank, Repository Repository, bool IsThere, bool HasOdd)
{
    public static Hit Of(DbDataReader row, IndexDatabase database)
    {
        var name = row.GetString(2);
        return new(
            new(row.GetInt32(0), row.GetString(1), name),
            new(name, database.FromStored(row.IsDBNull(3) ? null : row.GetString(3))),
            row.GetInt32(4) == 1,
            row.FieldCount > 5 && row.GetBoolean(5));
    }
}
