namespace RegistryIndex;

/// <summary>
/// The searches that together answer one request of a client (contract 5.8). A provider that bounds its work applies the bound to all of them
/// together, and can reuse what it has read for earlier ones. A session runs one search at a time and serves one index.
/// </summary>
/// <param name="wanted">The number of repositories that the client wants from all pages of a search together.</param>
public sealed class SearchSession(int wanted = SearchRequest.DefaultLimit)
{
    /// <summary>The number of repositories that the client wants from all pages of a search together.</summary>
    public int Wanted { get; } = wanted;

    /// <summary>
    /// Whether the provider has used up its work for one request. The continuation of the last page leads to the repositories not yet found.
    /// </summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Records that the provider has used up its work for one request. The provider calls it.</summary>
    public void Exhaust() => IsExhausted = true;
}
