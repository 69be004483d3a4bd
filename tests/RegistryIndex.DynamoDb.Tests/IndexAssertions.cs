using RegistryIndex.Conformance;
using RegistryIndex.DynamoDb.Postings;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>Compares an index with the reference, and its tables with the postings that the rows require.</summary>
internal static class IndexAssertions
{
    /// <summary>Compares the list, and all pages of many searches.</summary>
    public static async Task EverythingAsync(ReferenceIndex reference, RandomTexts texts, int queries, params IReadOnlyList<IRegistryIndex> indexes)
    {
        var all = await reference.ListAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop);
        var after = texts.Name();
        var rest = await reference.ListAsync(after, TestIndexes.Stop).ToListAsync(TestIndexes.Stop);
        foreach (var index in indexes)
        {
            (await index.ListAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop)).Should().Equal(all);
            (await index.ListAsync(after, TestIndexes.Stop).ToListAsync(TestIndexes.Stop)).Should().Equal(rest);
        }

        await Parallel.ForEachAsync(
            Enumerable.Range(0, queries).Select(_ => (Query: texts.Query(all), Limit: texts.Random.Next(3) == 0 ? texts.Random.Next(1, 101) : texts.Random.Next(1, 6))).ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestIndexes.Stop },
            async (search, _) => await PagesAsync(reference, search.Query, search.Limit, indexes));
    }

    /// <summary>Compares a few pages of one search: same repositories, same order, and for one word the same continuations.</summary>
    public static async Task PagesAsync(ReferenceIndex reference, string query, int limit, params IReadOnlyList<IRegistryIndex> indexes)
    {
        string? continuation = null;
        foreach (var expected in reference.Pages(query, limit, most: 4))
        {
            var request = new SearchRequest(query, limit, continuation);
            foreach (var index in indexes)
            {
                var because = $"{index.Provider} of '{query}' by {limit} after '{request.After?.Name}'";
                var found = await index.SearchAsync(request, TestIndexes.Stop);
                if (MayBeShort(request.Query))
                    found = await FillAsync(index, request, found, isLast: expected.Continuation is null);
                found.Repositories.Should().Equal(expected.Repositories, because);
                found.Continuation.Should().Be(expected.Continuation, because);
            }

            continuation = expected.Continuation;
        }
    }

    /// <summary>The postings are exactly those that the rows require.</summary>
    public static async Task NothingIsLeftOverAsync(TestIndexes tables)
    {
        var (expected, found) = await PostingsAsync(tables);
        found.Except(expected).Should().BeEmpty("every posting belongs to a row");
        expected.Except(found).Should().BeEmpty("every row has all its postings");
    }

    /// <summary>Every row has all its postings. There may be others.</summary>
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

    // Only the row decides whether a repository has all words, or a word that is longer than a posting.
    private static bool MayBeShort(SearchQuery query) => query.Words.Count > 1 || query.Words.Any(word => word.EnumerateRunes().Count() > 64);

    // A page of several words may be short, and the rest follows its continuation. Nothing follows the continuation of the last page.
    private static async Task<SearchPage> FillAsync(IRegistryIndex index, SearchRequest request, SearchPage page, bool isLast)
    {
        List<Repository> found = [.. page.Repositories];
        var text = request.Query.ToString();
        while (page.Continuation is not null && (isLast || found.Count < request.Limit))
        {
            page = await index.SearchAsync(new SearchRequest(text, Math.Max(1, request.Limit - found.Count), page.Continuation), TestIndexes.Stop);
            found.AddRange(page.Repositories);
        }

        return new(found, page.Continuation);
    }
}
