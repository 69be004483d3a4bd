namespace RegistryIndex.Server.Http;

/// <summary>
/// Reads full pages. A provider may answer a search for several words with a short page and a continuation
/// (contract 5.5); docker and podman never ask for a second page, so it is filled here.
/// </summary>
/// <param name="index">Where to search.</param>
/// <param name="query">What is looked for.</param>
/// <param name="continuation">Where to begin; null for the beginning.</param>
/// <param name="session">The request that the pages answer: they come to an end when it is exhausted (contract 5.8). Null where nothing bounds them.</param>
internal sealed class PageReader(IRegistryIndex index, string? query, string? continuation, SearchSession? session = null)
{
    // Empty pages after which a page is given as it is, with a continuation, also where the provider knows of no sessions:
    // a query that matches next to nothing in a vast index comes to an end, too.
    private const int MostEmptyPages = 50;

    private bool _found = continuation is not null; // there was something before

    public string? Query => query;

    public string? Continuation { get; private set; } = continuation;

    public bool IsAtEnd { get; private set; }

    /// <summary>Whether the whole search has nothing, on no page.</summary>
    public bool FoundNothing => IsAtEnd && !_found;

    public async Task<IReadOnlyList<Repository>> ReadAsync(int size, CancellationToken cancellationToken)
    {
        var rows = new List<Repository>();
        var names = new HashSet<string>(StringComparer.Ordinal); // one that is written meanwhile may be on two short pages
        for (var empty = 0; rows.Count < size && !IsAtEnd && session is not { IsExhausted: true } && empty < MostEmptyPages;)
        {
            var request = new SearchRequest(query, Math.Min(size - rows.Count, SearchRequest.MaxLimit), Continuation) { Session = session };
            var page = await index.SearchAsync(request, cancellationToken);
            rows.AddRange(page.Repositories.Where(repository => names.Add(repository.Name)));
            _found |= page.Repositories.Count > 0;
            empty += page.Repositories.Count == 0 ? 1 : 0;
            Continuation = page.Continuation;
            IsAtEnd = Continuation is null;
        }

        return rows;
    }
}
