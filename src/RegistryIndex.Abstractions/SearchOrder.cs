namespace RegistryIndex;

/// <summary>The order of search results.</summary>
public enum SearchOrder
{
    /// <summary>The best match first (contract 4). Without words, by name (contract 3.6).</summary>
    Relevance,

    /// <summary>The last push first (contract 8.10). Only for searches without words, on indexes that support it.</summary>
    Pushed,
}
