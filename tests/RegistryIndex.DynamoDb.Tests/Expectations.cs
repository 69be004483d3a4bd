using RegistryIndex.DynamoDb.Postings;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>What tests say of an index, in few words.</summary>
internal static class Expectations
{
    private static readonly string[] Queries = ["", "a", "web", "text about", "new", "old", "shop", "shops", "the", "数", "my", "app", "ubuntu", "i", "aba", "in"];

    /// <summary>Compares all that is found, in short pages where nothing is searched for, however it is cut into them: an orphan may cost an empty last page.</summary>
    public static async Task ShouldFindAsync(this IRegistryIndex index, IReadOnlyCollection<Repository> repositories)
    {
        foreach (var text in Queries)
        {
            var query = SearchQuery.Parse(text);
            var expected = repositories.Where(repository => query.Rank(repository) is not null).OrderBy(repository => query.Rank(repository)!.Value);
            (await AllOfAsync(index, text, limit: text.Length == 0 ? 3 : 25)).Should().Equal(expected, $"of '{text}'");
        }

        (await index.ListAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop))
            .Should().Equal(repositories.OrderBy(repository => repository.Name, CodePointOrder.Comparer));
    }

    public static async Task<List<Repository>> AllOfAsync(IRegistryIndex index, string query, int limit = 3)
    {
        List<Repository> found = [];
        string? continuation = null;
        do
        {
            var page = await index.SearchAsync(new SearchRequest(query, limit, continuation), TestIndexes.Stop);
            found.AddRange(page.Repositories);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return found;
    }

    /// <summary>Leaves what writers leave that die before their row, and after it.</summary>
    public static async Task LeaveOrphansAsync(this TestIndexes tables, Repository repository)
    {
        var nonce = Nonce.New(tables.Time.GetUtcNow() - TimeSpan.FromMinutes(1));
        Posting[] orphans = [.. PostingSet.OfName(repository.Name, nonce), .. PostingSet.OfDescription(repository.Name, "Was about a web once, and more than that", nonce)];
        foreach (var orphan in orphans)
            await tables.Client.PutItemAsync(tables.Options.SearchTable, orphan.ToItem(), TestIndexes.Stop);
    }
}
