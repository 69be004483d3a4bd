namespace RegistryIndex.Synchronization.Refreshing;

/// <summary>What a read of every image needs of the index: the times of pushes, which a source cannot tell again.</summary>
internal static class KnownPushTimes
{
    /// <summary>Finds the row of a repository without its tag, so that no image counts as known from it.</summary>
    public static Func<string, CancellationToken, Task<Repository?>> Of(IRegistryIndex index) => async (name, cancellationToken) =>
        await index.GetAsync(name, cancellationToken) is { Facts: { } facts } row ? new(row.Name, row.Description, facts with { Tag = null }) : null;
}
