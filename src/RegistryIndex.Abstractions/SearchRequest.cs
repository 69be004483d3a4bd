namespace RegistryIndex;

/// <summary>A checked search request, on which every provider can rely (contract 3.2, 5.1, 5.2).</summary>
public sealed class SearchRequest
{
    /// <summary>The default page size, which is also the one that docker and podman request.</summary>
    public const int DefaultLimit = 25;

    /// <summary>The maximum page size.</summary>
    public const int MaxLimit = 100;

    /// <summary>Parses and checks a search.</summary>
    /// <param name="text">The text to search for; null, empty or blank requests every repository in name order.</param>
    /// <param name="limit">The maximum number of repositories on a page, 1 to 100.</param>
    /// <param name="continuation">The continuation of the previous page, or null for the first page.</param>
    /// <param name="order">The order of the results.</param>
    /// <exception cref="ArgumentException">
    /// The text has more than 256 code points or 8 words; the text has words but the order is that of the last push; the limit is out of range; or
    /// the continuation is forged or belongs to another search or order.
    /// </exception>
    public SearchRequest(string? text, int limit = DefaultLimit, string? continuation = null, SearchOrder order = SearchOrder.Relevance)
    {
        if (limit is < 1 or > MaxLimit)
            throw new ArgumentOutOfRangeException(nameof(limit), limit, $"A page holds 1 to {MaxLimit} repositories.");
        Query = SearchQuery.Parse(text);
        if (order == SearchOrder.Pushed && Query.Words.Count > 0)
            throw new ArgumentException("The order by last push is only for searches without words: omit the words or the order.", nameof(order));
        Limit = limit;
        Order = order;
        After = continuation is null ? null : Continuation.Decode(continuation, Query, order);
    }

    /// <summary>The parsed query.</summary>
    public SearchQuery Query { get; }

    /// <summary>The maximum number of repositories on the page.</summary>
    public int Limit { get; }

    /// <summary>The order of the results.</summary>
    public SearchOrder Order { get; }

    /// <summary>The position after which the page starts, or null for the beginning.</summary>
    public RankKey? After { get; }

    /// <summary>
    /// The session of the search; null if the search has none. It affects the cost of a search, never the content of all pages together.
    /// </summary>
    public SearchSession? Session { get; init; }

    /// <summary>Ranks a repository in the order of this request.</summary>
    /// <returns>Its place among the results, or null when it does not match.</returns>
    public RankKey? Rank(Repository repository) => Order == SearchOrder.Pushed ? PushOrder.KeyOf(repository) : Query.Rank(repository);

    /// <summary>Throws when an index does not support the order of this request (contract 8.10). Providers call it first in a search.</summary>
    /// <exception cref="ArgumentException">The index does not support the order.</exception>
    public void ThrowIfRefusedBy(IRegistryIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        if (Order == SearchOrder.Pushed && !index.Capabilities.HasFlag(IndexCapabilities.OrderByPush))
            throw new ArgumentException($"An index of the provider '{index.Provider}' does not support the order by last push: search without that order.");
    }

    /// <summary>Creates the page that answers this request.</summary>
    /// <param name="repositories">The repositories in the order of the request, at most <see cref="Limit"/>.</param>
    /// <param name="position">
    /// The position after which the next page starts: the rank key of the last repository, or of the last candidate examined. Null when nothing
    /// follows.
    /// </param>
    public SearchPage ToPage(IReadOnlyList<Repository> repositories, RankKey? position) =>
        new(repositories, position is { } key ? Continuation.Encode(key, Query, Order) : null);
}
