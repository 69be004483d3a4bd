namespace RegistryIndex;

/// <summary>The sizes and order of imports that fill an index fastest when there are many of them, as in a migration.</summary>
/// <remarks>
/// Optional: a provider whose store needs other values than the defaults adds it to the container beside <see cref="IRegistryIndex"/>. The values
/// are advice: an import of any size and order is correct. They stay the same while the host runs. Thread-safe.
/// </remarks>
public interface IImportPreference
{
    /// <summary>The smallest number of repositories worth a separate import; at least 1.</summary>
    int LeastBatch => 2_000;

    /// <summary>
    /// The largest number of repositories in one import, used when the source is fast; at least <see cref="LeastBatch"/>. About twice as many are
    /// held in memory.
    /// </summary>
    int MostBatch => LeastBatch;

    /// <summary>The number of concurrent imports that are faster than sequential ones; 1 for an index with one writer.</summary>
    int ImportsAtOnce => 3;

    /// <summary>Whether an import in name order is faster than one in another order, as it is for a tree sorted by name.</summary>
    bool IsNameOrderFaster => false;
}
