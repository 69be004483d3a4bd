using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Model;

/// <summary>Reads the pages of a search and checks each against the rules for pages (contract 5.1, 5.2, 5.5, 5.9).</summary>
internal static class ResultPages
{
    // A provider bounds its work per call and may return empty pages, but not endlessly.
    private const int MostEmptyPages = 1_000;

    public static Task<List<Repository>> AllAsync(IRegistryIndex index, string? query, int limit, CancellationToken cancellation, SearchOrder order = SearchOrder.Relevance) =>
        SomeAsync(index, query, limit, int.MaxValue, cancellation, order: order);

    /// <summary>Reads pages until they hold the given number of repositories, starting after a continuation if there is one.</summary>
    public static async Task<List<Repository>> SomeAsync(
        IRegistryIndex index, string? query, int limit, int most, CancellationToken cancellation, string? continuation = null, SearchOrder order = SearchOrder.Relevance)
    {
        var all = new List<Repository>();
        var empty = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            var page = await index.SearchAsync(Ask(query, limit, continuation, order), cancellation).ConfigureAwait(false);
            Expect.That(page.Repositories.Count <= limit, $"a page of at most {limit} for {Show.Text(query)}", $"one of {page.Repositories.Count}");
            var twice = page.Repositories.GroupBy(repository => repository.Name, StringComparer.Ordinal).FirstOrDefault(rows => rows.Count() > 1);
            Expect.That(twice is null, $"a repository at most once on a page for {Show.Text(query)}", $"{Show.Text(twice?.Key)} more than once");
            all.AddRange(page.Repositories);
            empty = page.Repositories.Count == 0 ? empty + 1 : 0;
            continuation = page.Continuation;
            Expect.That(continuation is null || seen.Add(continuation), $"each page of {Show.Text(query)} to go on after the one before", "the same continuation twice, which never ends");
            Expect.That(empty < MostEmptyPages, $"an end of the search for {Show.Text(query)}", $"{MostEmptyPages} empty pages in a row");
        }
        while (continuation is not null && all.Count < most);
        return all;
    }

    /// <summary>Explains why a text is not a query; null if it is one.</summary>
    public static string? FindProblem(string query)
    {
        try
        {
            _ = SearchQuery.Parse(query);
            return null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
    }

    // The continuation came from the index itself. If it is not accepted, the index is at fault, not the caller.
    private static SearchRequest Ask(string? query, int limit, string? continuation, SearchOrder order)
    {
        try
        {
            return new(query, limit, continuation, order);
        }
        catch (ArgumentException error) when (continuation is not null)
        {
            throw new ExpectationException($"a continuation of the search for {Show.Text(query)} (made by SearchRequest.ToPage)", $"{Show.Text(continuation)}, which is refused: {error.Message}");
        }
    }
}
