using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Model;

/// <summary>Walks through the pages of a search, and holds each to what a page may be (contract 5.1, 5.2, 5.5, 5.9).</summary>
internal static class Walk
{
    // A provider bounds its work per call and may give empty pages, but not for ever.
    private const int MostEmptyPages = 1_000;

    public static Task<List<Repository>> AllAsync(IRegistryIndex index, string? query, int limit, CancellationToken cancellation) =>
        SomeAsync(index, query, limit, int.MaxValue, cancellation);

    /// <summary>The repositories of as many pages as hold the first so many, after a continuation if one is given.</summary>
    public static async Task<List<Repository>> SomeAsync(IRegistryIndex index, string? query, int limit, int most, CancellationToken cancellation, string? continuation = null)
    {
        var all = new List<Repository>();
        var empty = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            var page = await index.SearchAsync(Ask(query, limit, continuation), cancellation).ConfigureAwait(false);
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

    /// <summary>Why a text is no query, or null.</summary>
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

    // The continuation came from the index itself: that it is not accepted is the index's fault, not the caller's.
    private static SearchRequest Ask(string? query, int limit, string? continuation)
    {
        try
        {
            return new(query, limit, continuation);
        }
        catch (ArgumentException error) when (continuation is not null)
        {
            throw new ExpectationException($"a continuation of the search for {Show.Text(query)} (made by SearchRequest.ToPage)", $"{Show.Text(continuation)}, which is refused: {error.Message}");
        }
    }
}
