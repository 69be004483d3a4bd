namespace RegistryIndex.Server.Hosting;

/// <summary>
/// Keeps threads for requests. An index within the process holds the threads that work with it, while it computes or waits for a lock, and the
/// pool has one thread a processor before it hesitates. On two busy processors what was queued behind 2, 4 and 10 held threads waited for 1.0, 2.5 and
/// 7 seconds, and behind as many that were reserved for 7 to 24 milliseconds. Threads of our own would cost each search a change of threads.
/// </summary>
internal static class PoolThreads
{
    // What works with the index besides searches: the follower or the events (8), a mirror's secondary (16 and 2), load, re-sync, leases.
    private const int InBackground = 32;

    /// <summary>Lets the pool have a thread a processor besides all that an index can hold.</summary>
    public static void Reserve(ISearchCapacity capacity)
    {
        if (!capacity.HoldsThreads)
            return;
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + capacity.SearchesAtOnce + InBackground), ports);
    }
}
