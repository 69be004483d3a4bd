namespace RegistryIndex.Server.Http;

/// <summary>
/// Reads full pages. A provider may answer a search for several words with a short page and a continuation
/// (contract 5.5); docker and podman never ask for a second page, so it is filled here.
/// </summary>
internal sealed class PageReader(IRegistryIndex index, string? query, string? continuation)
{
    // Enough for any page that has something on it, and an end for a query that matches next to nothing in a vast index.
    private const int MostSearches = 50;

    public string? Continuation { get; private set; } = continuation;

    public bool IsAtEnd { get; private set; }

    public async Task SkipAsync(int rows, CancellationToken cancellationToken)
    {
        for (var found = 1; rows > 0 && found > 0 && !IsAtEnd; rows -= found)
            found = (await ReadAsync(Math.Min(rows, SearchRequest.MaxLimit), cancellationToken)).Count;
    }

    public async Task<IReadOnlyList<Repository>> ReadAsync(int size, CancellationToken cancellationToken)
    {
        var rows = new List<Repository>();
        for (var searches = 0; rows.Count < size && !IsAtEnd && searches < MostSearches; searches++)
        {
            var page = await index.SearchAsync(new SearchRequest(query, size - rows.Count, Continuation), cancellationToken);
            rows.AddRange(page.Repositories);
            Continuation = page.Continuation;
            IsAtEnd = Continuation is null;
        }

        return rows;
    }
}
