namespace RegistryIndex.Server.Hosting;

/// <summary>
/// Reserves pool threads for requests. An index within the process holds threads while it computes or waits for a lock, and beyond one
/// thread a processor the pool adds threads slowly. On two busy processors, work that was queued behind 2, 4 and 10 held threads waited for
/// 1.0, 2.5 and 7 seconds; with as many reserved threads it waited for 7 to 24 milliseconds. Dedicated threads would cost each search a
/// change of threads.
/// </summary>
internal static class PoolThreads
{
    // The users of the index besides searches: the follower or the events (8), a mirror's secondary (16 and 2), load, re-sync, leases.
    private const int InBackground = 32;

    /// <summary>Reserves a thread a processor besides all threads that an index can hold.</summary>
    public static void Reserve(ISearchCapacity capacity)
    {
        if (!capacity.HoldsThreads)
            return;
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + capacity.SearchesAtOnce + InBackground), ports);
    }
}
