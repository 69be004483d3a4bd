using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Model;
using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.Searching;

/// <summary>Answers a search in at most two statements: names, and descriptions only where names do not fill the page.</summary>
internal static class Searcher
{
    public static async Task<SearchPage> SearchAsync(IndexDatabase database, IndexDbContext db, SearchRequest request, CancellationToken cancellationToken)
    {
        // One snapshot for both statements: a repository that moves between the tiers is neither missed nor shown twice.
        var transaction = await database.BeginReadAsync(db, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var hits = new List<Hit>(request.Limit + 1);
            foreach (var tier in Tiers(request))
            {
                var statement = tier(database.Search(request.Query, request.After, request.Limit + 1 - hits.Count));
                hits.AddRange(await db.Database.SqlQueryRaw<Hit>(statement.Sql, statement.Parameters).ToListAsync(cancellationToken).ConfigureAwait(false));
                if (hits.Count > request.Limit)
                    break;
            }

            var page = hits.Take(request.Limit).ToList();
            return request.ToPage([.. page.Select(hit => hit.ToRepository(database))], hits.Count > page.Count ? page[^1].ToRankKey() : null);
        }
    }

    private static IEnumerable<Func<SearchSql, SearchStatement>> Tiers(SearchRequest request)
    {
        if (request.Query.RankingWord is not { } word)
        {
            yield return search => search.All();
            yield break;
        }

        if (request.After is not { Tier: 3 })
            yield return search => search.InNames();
        if (!SearchQuery.MatchesSegmentStartsOnly(word))
            yield return search => search.InDescriptions();
    }
}

/// <summary>A row of a page as the database gives it.</summary>
internal sealed class Hit
{
    public required int Tier { get; init; }

    public required string Text { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public Repository ToRepository(IndexDatabase database) => new(Name, database.FromStored(Description));

    public RankKey ToRankKey() => new(Tier, Text, Name);
}
