using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Memory;
using RegistryIndex.EfCore.Model;
using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.Searching;

/// <summary>
/// Answers a search. A page that starts of path segments fill, as most are, is one statement that reads it from an index; what that
/// leaves open is looked for in memory, and where that cannot tell, by others in the names, and then in the descriptions.
/// </summary>
internal sealed class Searcher(IndexDatabase database, SearchMemory? memory, IndexDbContext db, SearchRequest request, CancellationToken cancellationToken)
{
    // One more than the page holds tells that the page is not the last.
    private readonly int _wanted = request.Limit + 1;

    private bool SearchesStartsOnly => request.Query.RankingWord is { } word && SearchQuery.MatchesSegmentStartsOnly(word);

    public async Task<SearchPage> SearchAsync()
    {
        // What one statement answers needs no transaction.
        if (database.StatementsReadSnapshots && await ReadOnceAsync().ConfigureAwait(false) is { } all)
            return ToPage(all);
        if (memory is not null && request.Query.RankingWord is not null && await memory.TrySearchAsync(db, request, cancellationToken).ConfigureAwait(false) is { } page)
            return page;

        // One snapshot for all statements: a repository that moves between the tiers is neither missed nor shown twice.
        var transaction = await database.BeginReadAsync(db, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
            return ToPage(await ReadAsync().ConfigureAwait(false));
    }

    private async Task<List<Hit>?> ReadOnceAsync()
    {
        if (request.Query.RankingWord is null)
            return await ReadAsync<Hit>(Write().All()).ConfigureAwait(false);
        return await ReadStartsAsync().ConfigureAwait(false) is { IsAll: true } starts ? starts.Hits : null;
    }

    private async Task<List<Hit>> ReadAsync()
    {
        if (await ReadOnceAsync().ConfigureAwait(false) is { } all)
            return all;
        var hits = request.After is { Tier: 3 } ? [] : await ReadNamesAsync().ConfigureAwait(false);
        if (hits.Count < _wanted && !SearchesStartsOnly)
            hits.AddRange(await ReadAsync<Hit>(Write(_wanted - hits.Count).InDescriptions()).ConfigureAwait(false));
        return hits;
    }

    private async Task<List<Hit>> ReadNamesAsync()
    {
        if (await ReadStartsAsync().ConfigureAwait(false) is not { } starts)
            return await ReadAsync<Hit>(Write().InNames()).ConfigureAwait(false);
        var names = starts.Hits.Count == _wanted || SearchesStartsOnly ? Names.WithoutStarts : Names.NotAtStarts;
        return Merge(starts.Hits, await ReadAsync<Hit>(Write().InNames(names)).ConfigureAwait(false));
    }

    // Null where they do not tell all matches of tier 1 that come before the last of them.
    private async Task<Starts?> ReadStartsAsync()
    {
        if (database.SchemaVersion < Schema.FirstWithStarts || request.After is { Tier: > 1 })
            return null;
        var search = Write();
        var hits = await ReadAsync<StartHit>(search.AtStarts()).ConfigureAwait(false);
        var isFull = hits.Count == _wanted;
        return isFull || !search.HasOtherWords ? new([.. hits], IsAll: isFull && !hits[0].HasOdd) : null;
    }

    private SearchSql Write(int? wanted = null) => database.Search(request.Query, request.After, wanted ?? _wanted);

    private Task<List<T>> ReadAsync<T>(SearchStatement statement) => db.Database.SqlQueryRaw<T>(statement.Sql, statement.Parameters).ToListAsync(cancellationToken);

    // Each keeps the order that the database gave it.
    private static List<Hit> Merge(List<Hit> some, List<Hit> others)
    {
        var merged = new List<Hit>(some.Count + others.Count);
        var (i, j) = (0, 0);
        while (i < some.Count || j < others.Count)
            merged.Add(j == others.Count || (i < some.Count && some[i].ToRankKey() < others[j].ToRankKey()) ? some[i++] : others[j++]);
        return merged;
    }

    private SearchPage ToPage(List<Hit> hits)
    {
        var page = hits.Take(request.Limit).ToList();
        return request.ToPage([.. page.Where(hit => hit.IsThere == 1).Select(hit => hit.ToRepository(database))], hits.Count > page.Count ? page[^1].ToRankKey() : null);
    }

    private sealed record Starts(List<Hit> Hits, bool IsAll);
}

/// <summary>A row of a page as the database gives it.</summary>
internal class Hit
{
    public required int Tier { get; init; }

    public required string Text { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>1, or 0 where an old writer has removed the repository beside us: it has its place yet, and is not shown.</summary>
    public required int IsThere { get; init; }

    public Repository ToRepository(IndexDatabase database) => new(Name, RepositoryDescription.FromIngest(database.FromStored(Description)));

    public RankKey ToRankKey() => new(Tier, Text, Name);
}

/// <summary>A row that a start has found.</summary>
internal sealed class StartHit : Hit
{
    /// <summary>Whether there are repositories without starts.</summary>
    public required bool HasOdd { get; init; }
}
