namespace RegistryIndex;

/// <summary>
/// The searches that answer one request of a client (contract 5.8). A backend that bounds its work bounds the work of all of them together,
/// and need not read twice what they have in common. One search at a time; a session serves one index.
/// </summary>
/// <param name="wanted">How many repositories the client wants of all pages of a search together.</param>
public sealed class SearchSession(int wanted = SearchRequest.DefaultLimit)
{
    /// <summary>How many repositories the client wants of all pages of a search together.</summary>
    public int Wanted { get; } = wanted;

    /// <summary>Whether the backend has done as much as it does for one request. What was not found by then is behind the continuation of the last page.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>For the backend: says that it has done as much as it does for one request.</summary>
    public void Exhaust() => IsExhausted = true;
}
