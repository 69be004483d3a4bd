namespace RegistryIndex;

/// <summary>How an index is filled soonest by many imports, as a migration makes them.</summary>
/// <remarks>
/// Optional: a provider whose store is not content with the defaults adds it to the container beside <see cref="IRegistryIndex"/>. It is advice:
/// every import is right whatever its size and order. Its values stay the same while the host runs. Thread-safe.
/// </remarks>
public interface IImportPreference
{
    /// <summary>The fewest repositories that are worth an import of their own; at least 1.</summary>
    int LeastBatch => 2_000;

    /// <summary>The most repositories of one import, the more the faster the source is; at least <see cref="LeastBatch"/>. About twice as many are held in memory.</summary>
    int MostBatch => LeastBatch;

    /// <summary>How many imports at the same time it does better than one after the other; 1 where it has one writer.</summary>
    int ImportsAtOnce => 3;

    /// <summary>Whether repositories in the order of their names are imported sooner than in any other, as into a tree that is sorted by them.</summary>
    bool IsNameOrderFaster => false;
}
