namespace RegistryIndex.Server.Http;

/// <summary>Searches for what users type or paste: for the text itself and, when that finds nothing, for the names of its references.</summary>
internal static class ReferenceSearch
{
    /// <summary>Reads repositories, from the beginning or after a continuation of either search.</summary>
    /// <returns>The reader of the search that counts, and what it read.</returns>
    /// <exception cref="ArgumentException">The search or the continuation is invalid.</exception>
    public static async Task<(PageReader Reader, IReadOnlyList<Repository> Repositories)> ReadAsync(
        this SearchedReferences references, IRegistryIndex index, string? typed, string? continuation, int count, SearchSession session, CancellationToken cancellationToken, SearchOrder order = SearchOrder.Relevance)
    {
        var (reader, repositories) = await ReadAsync(continuation is null ? typed : Continued(typed, continuation, references));
        return reader.FoundNothing && references.NamesIn(typed) is { } names ? await ReadAsync(names) : (reader, repositories);

        async Task<(PageReader Reader, IReadOnlyList<Repository> Repositories)> ReadAsync(string? query)
        {
            var pages = new PageReader(index, query, continuation, session, order);
            return (pages, await pages.ReadAsync(count, cancellationToken));
        }
    }

    // A continuation belongs to the searched text: the words as they were typed, or the names in them.
    private static string? Continued(string? typed, string continuation, SearchedReferences references) =>
        !IsOf(typed, continuation) && references.NamesIn(typed) is { } names && IsOf(names, continuation) ? names : typed;

    private static bool IsOf(string? query, string continuation)
    {
        try
        {
            return new SearchRequest(query, continuation: continuation).After is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
