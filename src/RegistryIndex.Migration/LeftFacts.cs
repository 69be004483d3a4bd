namespace RegistryIndex.Migration;

/// <summary>Reports facts that are not copied because the target index does not store them (contract 8.9).</summary>
public static class LeftFacts
{
    /// <summary>Returns a sentence that says that facts are not copied; null if the target stores facts or the source has none.</summary>
    /// <param name="from">The source.</param>
    /// <param name="to">The target.</param>
    public static string? Find(IRegistryIndex from, IRegistryIndex to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return from.Capabilities.HasFlag(IndexCapabilities.Facts) ? Find($"the provider '{from.Provider}'", to) : null;
    }

    /// <summary>Returns a sentence that says that the facts of a registry are not stored; null if the index stores facts.</summary>
    /// <param name="to">The index into which the repositories are loaded.</param>
    public static string? FindOfRegistry(IRegistryIndex to)
    {
        ArgumentNullException.ThrowIfNull(to);
        return Find("the registry", to);
    }

    private static string? Find(string from, IRegistryIndex to) => to.Capabilities.HasFlag(IndexCapabilities.Facts)
        ? null
        : $"The provider '{to.Provider}' does not store facts, so the facts of {from} are not copied.";
}
