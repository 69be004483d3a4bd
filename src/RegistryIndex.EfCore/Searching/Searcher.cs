using System.Data.Common;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Memory;

namespace RegistryIndex.EfCore.Searching;

/// <summary>
/// Answers a search. Starts of path segments fill most pages; such a page is one statement, which reads it from an index. Other matches are
/// looked for in memory. If memory cannot answer, further statements search the names and then the descriptions.
/// </summary>
internal sealed class Searcher(IndexDatabase database, SearchMemory? memory, ReadConnection connection, SearchRequest request, CancellationToken cancellationToken)
{
    // One row more than the page holds shows that the page is not the last.
    private readonly int _wanted = request.Limit + 1;

    private bool SearchesStartsOnly => request.Query.RankingWord is { } word && SearchQuery.MatchesSegmentStartsOnly(word);

    // In tables of an earlier version, which are only read, no push is known.
    private bool IsPastPushes => !database.HasFacts || (request.After is { } key && PushOrder.PushedAt(key) is null);

    public async Task<SearchPage> SearchAsync()
    {
        // A single statement needs no transaction.
        if (database.StatementsReadSnapshots && await ReadOnceAsync().ConfigureAwait(false) is { } all)
            return ToPage(all);
        if (memory is not null && request.Query.RankingWord is not null && await memory.TrySearchAsync(connection, request, cancellationToken).ConfigureAwait(false) is { } page)
            return page;

        // All statements use one snapshot, so that a repository that moves between tiers is neither missed nor shown twice.
        var transaction = await database.BeginReadAsync(connection.Db, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
            return ToPage(await ReadAsync().ConfigureAwait(false));
    }

    private async Task<List<Hit>?> ReadOnceAsync()
    {
        if (request.Order == SearchOrder.Pushed)
            return await ReadPushesOnceAsync().ConfigureAwait(false);
        if (request.Query.RankingWord is null)
            return await ReadAsync(Write().All()).ConfigureAwait(false);
        return await ReadStartsAsync().ConfigureAwait(false) is { IsAll: true } starts ? starts.Hits : null;
    }

    // Null if the page has repositories with and without a known push.
    private async Task<List<Hit>?> ReadPushesOnceAsync()
    {
        if (IsPastPushes)
            return await ReadUnpushedAsync(_wanted).ConfigureAwait(false);
        var hits = await ReadAsync(Write().Pushed()).ConfigureAwait(false);
        return hits.Count == _wanted ? hits : null;
    }

    private async Task<List<Hit>> ReadPushesAsync()
    {
        var hits = IsPastPushes ? [] : await ReadAsync(Write().Pushed()).ConfigureAwait(false);
        if (hits.Count < _wanted)
            hits.AddRange(await ReadUnpushedAsync(_wanted - hits.Count).ConfigureAwait(false));
        return hits;
    }

    private Task<List<Hit>> ReadUnpushedAsync(int wanted) =>
        ReadAsync(database.Search(request.Query, request.After is { } key && PushOrder.PushedAt(key) is null ? key : null, wanted).Unpushed());

    private async Task<List<Hit>> ReadAsync()
    {
        if (request.Order == SearchOrder.Pushed)
            return await ReadPushesAsync().ConfigureAwait(false);
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

    // Null if the starts do not give all matches of tier 1 before the last of them.
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

    // Each list keeps the order of the database.
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

/// <summary>A row of a page, as the database returns it.</summary>
/// <param name="Rank">Its place.</param>
/// <param name="Repository">The repository.</param>
/// <param name="IsThere">False if an old writer has removed the repository. It still has a place, but is not shown.</param>
/// <param name="HasOdd">For a row that was found by a start: whether there are repositories without starts.</param>
internal readonly record struct Hit(RankKey Rank, Repository Repository, bool IsThere, bool HasOdd)
{
    public static Hit Of(DbDataReader row, IndexDatabase database)
    {
        var name = row.GetString(2);
        return new(
            new(row.GetInt32(0), row.GetString(1), name),
            Repository.FromStored(name, database.FromStored(row.IsDBNull(3) ? null : row.GetString(3)), row.IsDBNull(5) ? null : row.GetString(5)),
            row.GetInt32(4) == 1,
            row.FieldCount > 6 && row.GetBoolean(6));
    }
}
