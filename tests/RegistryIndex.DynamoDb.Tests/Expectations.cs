using RegistryIndex.DynamoDb.Postings;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>Short assertions about an index.</summary>
internal static class Expectations
{
    private static readonly string[] Queries = ["", "a", "web", "text about", "new", "old", "shop", "shops", "the", "数", "my", "app", "ubuntu", "i", "aba", "in"];

    /// <summary>Compares all results, for any division into pages (short ones for the empty query). An orphan may cause an empty last page.</summary>
    public static async Task ShouldFindAsync(this IRegistryIndex index, IReadOnlyCollection<Repository> repositories)
    {
        foreach (var text in Queries)
        {
            var query = SearchQuery.Parse(text);
            var expected = repositories.Where(repository => query.Rank(repository) is not null).OrderBy(repository => query.Rank(repository)!.Value);
            (await AllOfAsync(index, text, limit: text.Length == 0 ? 3 : 25)).Should().Equal(expected, $"of '{text}'");
        }

        (await AllOfAsync(index, "", order: SearchOrder.Pushed)).Should().Equal(repositories.OrderBy(PushOrder.KeyOf), "by the last push");
        (await index.ListAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop))
            .Should().Equal(repositories.OrderBy(repository => repository.Name, CodePointOrder.Comparer));
    }

    public static async Task<List<Repository>> AllOfAsync(IRegistryIndex index, string query, int limit = 3, SearchOrder order = SearchOrder.Relevance)
    {
        List<Repository> found = [];
        string? continuation = null;
        do
        {
            var page = await index.SearchAsync(new SearchRequest(query, limit, continuation, order), TestIndexes.Stop);
            found.AddRange(page.Repositories);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return found;
    }

    /// <summary>Leaves the postings of writers that die before and after they write their row.</summary>
    public static async Task LeaveOrphansAsync(this TestIndexes tables, Repository repository)
    {
        var nonce = Nonce.New(tables.Time.GetUtcNow() - TimeSpan.FromMinutes(1));
        Posting[] orphans = [.. PostingSet.OfName(repository.Name, nonce), .. PostingSet.OfDescription(repository.Name, "Was about a web once, and more than that", nonce),
            .. PostingSet.OfFacts(repository.Name, new() { PushedAt = tables.Time.GetUtcNow() }, nonce)];
        foreach (var orphan in orphans)
            await tables.Client.PutItemAsync(tables.Options.SearchTable, orphan.ToItem(), TestIndexes.Stop);
    }
}
