namespace RegistryIndex;

/// <summary>A search, checked: every provider can rely on it (contract 3.2, 5.1, 5.2).</summary>
public sealed class SearchRequest
{
    /// <summary>The page size where none is asked for; what docker and podman ask for.</summary>
    public const int DefaultLimit = 25;

    /// <summary>The largest page.</summary>
    public const int MaxLimit = 100;

    /// <summary>Parses and checks a search.</summary>
    /// <param name="text">What to look for; null, empty or blank asks for every repository in name order.</param>
    /// <param name="limit">How many repositories a page holds at most, 1 to 100.</param>
    /// <param name="continuation">What the page before gave, or null for the first page.</param>
    /// <exception cref="ArgumentException">The text is over 256 code points or 8 words, the limit is out of range, or the continuation is forged or belongs to another search.</exception>
    public SearchRequest(string? text, int limit = DefaultLimit, string? continuation = null)
    {
        if (limit is < 1 or > MaxLimit)
            throw new ArgumentOutOfRangeException(nameof(limit), limit, $"A page holds 1 to {MaxLimit} repositories.");
        Query = SearchQuery.Parse(text);
        Limit = limit;
        After = continuation is null ? null : Continuation.Decode(continuation, Query);
    }

    /// <summary>The parsed query.</summary>
    public SearchQuery Query { get; }

    /// <summary>How many repositories the page holds at most.</summary>
    public int Limit { get; }

    /// <summary>The position that the page starts after, or null at the beginning.</summary>
    public RankKey? After { get; }

    /// <summary>What the search is a part of; null where it stands alone. It changes what a search costs, never what the pages together hold.</summary>
    public SearchSession? Session { get; init; }

    /// <summary>Makes the page that answers this request.</summary>
    /// <param name="repositories">The repositories, best first, at most <see cref="Limit"/>.</param>
    /// <param name="position">Where the next page starts after: the rank key of the last repository, or of the last candidate looked at. Null when nothing follows.</param>
    public SearchPage ToPage(IReadOnlyList<Repository> repositories, RankKey? position) =>
        new(repositories, position is { } key ? Continuation.Encode(key, Query) : null);
}

/// <summary>One page of a search.</summary>
/// <param name="Repositories">What was found, best first.</param>
/// <param name="Continuation">Opaque; given to the next <see cref="SearchRequest"/> it continues after this page, on any provider. Null when nothing follows.</param>
public sealed record SearchPage(IReadOnlyList<Repository> Repositories, string? Continuation);
