using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.Conformance;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>Compares an index with the reference, and the tables with what the rows call for.</summary>
internal static class Same
{
    /// <summary>The list, and page after page of many searches.</summary>
    public static async Task EverythingAsync(IRegistryIndex index, ReferenceIndex reference, Texts texts, int queries)
    {
        var all = await reference.ListAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop);
        (await index.ListAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop)).Should().Equal(all);
        var after = texts.Name();
        (await index.ListAsync(after, TestIndexes.Stop).ToListAsync(TestIndexes.Stop))
            .Should().Equal(await reference.ListAsync(after, TestIndexes.Stop).ToListAsync(TestIndexes.Stop));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, queries).Select(_ => (Query: texts.Query(all), Limit: texts.Random.Next(3) == 0 ? texts.Random.Next(1, 101) : texts.Random.Next(1, 6))).ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestIndexes.Stop },
            async (search, _) => await PagesAsync(index, reference, search.Query, search.Limit));
    }

    /// <summary>A few pages of one search: same repositories, same order, and for one word the very same continuations.</summary>
    public static async Task PagesAsync(IRegistryIndex index, ReferenceIndex reference, string query, int limit)
    {
        string? continuation = null;
        for (var page = 0; page < 4; page++)
        {
            var request = new SearchRequest(query, limit, continuation);
            var expected = await reference.SearchAsync(request, TestIndexes.Stop);
            var found = await index.SearchAsync(request, TestIndexes.Stop);
            var because = $"of '{query}' by {limit}, page {page}";
            if (request.Query.Words.Count > 1)
                found = await FillAsync(index, request, found);
            found.Repositories.Should().Equal(expected.Repositories, because);
            found.Continuation.Should().Be(expected.Continuation, because);
            continuation = expected.Continuation;
            if (continuation is null)
                return;
        }
    }

    /// <summary>No posting too many and none too few, told by the rows.</summary>
    public static async Task NothingIsLeftOverAsync(TestIndexes tables)
    {
        var (expected, found) = await PostingsAsync(tables);
        found.Except(expected).Should().BeEmpty("every posting has a row that speaks for it");
        expected.Except(found).Should().BeEmpty("every row has all its postings");
    }

    /// <summary>Every row has all its postings; there may be others.</summary>
    public static async Task NothingIsMissingAsync(TestIndexes tables)
    {
        var (expected, found) = await PostingsAsync(tables);
        expected.Except(found).Should().BeEmpty("every row has all its postings");
    }

    private static async Task<(HashSet<Posting> Expected, HashSet<Posting> Found)> PostingsAsync(TestIndexes tables)
    {
        var rows = await tables.RowsAsync();
        rows.Where(row => !row.IsAdopted).Should().BeEmpty();
        return ([.. rows.SelectMany(row => row.Postings)], [.. await tables.PostingsAsync()]);
    }

    // A page of several words may be short; then the rest is behind its continuation.
    private static async Task<SearchPage> FillAsync(IRegistryIndex index, SearchRequest request, SearchPage page)
    {
        List<Repository> found = [.. page.Repositories];
        var text = request.Query.ToString();
        while (page.Continuation is not null && found.Count < request.Limit)
        {
            page = await index.SearchAsync(new SearchRequest(text, request.Limit - found.Count, page.Continuation), TestIndexes.Stop);
            found.AddRange(page.Repositories);
        }

        return new(found, page.Continuation);
    }
}
