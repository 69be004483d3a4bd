namespace RegistryIndex;

/// <summary>The optional features of an index.</summary>
[Flags]
public enum IndexCapabilities
{
    /// <summary>No optional feature.</summary>
    None = 0,

    /// <summary>The index keeps the facts of repositories (contract 8.5).</summary>
    Facts = 1,

    /// <summary>The index supports searches in the order of the last push (contract 8.10). Such an index also keeps facts.</summary>
    OrderByPush = 2,
}
