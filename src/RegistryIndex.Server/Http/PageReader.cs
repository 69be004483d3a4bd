namespace RegistryIndex.Server.Http;

/// <summary>
/// Reads full pages. A provider may answer a search for several words with a short page and a continuation
/// (contract 5.5); docker and podman never ask for a second page, so it is filled here.
/// </summary>
internal sealed class PageReader(IRegistryIndex index, string? query, string? continuation)
{
    // Empty pages after which a page is given as it is, with a continuation: a query that matches next to nothing
    // in a vast index comes to an end, too.
    private const int MostEmptyPages = 50;

    private bool _found = continuation is not null; // there was something before

    public string? Query => query;

    public string? Continuation { get; private set; } = continuation;

    public bool IsAtEnd { get; private set; }

    /// <summary>Whether the whole search has nothing, on no page.</summary>
    public bool FoundNothing => IsAtEnd && !_found;

    public async Task SkipAsync(int rows, CancellationToken cancellationToken)
    {
        if (rows > 0)
            await ReadAsync(rows, cancellationToken);
    }

    public async Task<IReadOnlyList<Repository>> ReadAsync(int size, CancellationToken cancellationToken)
    {
        var rows = new List<Repository>();
        for (var empty = 0; rows.Count < size && !IsAtEnd && empty < MostEmptyPages;)
        {
            var page = await index.SearchAsync(new SearchRequest(query, Math.Min(size - rows.Count, SearchRequest.MaxLimit), Continuation), cancellationToken);
            rows.AddRange(page.Repositories);
            _found |= page.Repositories.Count > 0;
            empty += page.Repositories.Count == 0 ? 1 : 0;
            Continuation = page.Continuation;
            IsAtEnd = Continuation is null;
        }

        return rows;
    }
}
