namespace RegistryIndex.Backends;

/// <summary>Of a backend that says nothing of it: it may hold threads, and a dozen searches bring either kind near its best.</summary>
internal sealed class UnknownCapacity : ISearchCapacity
{
    public int SearchesAtOnce => 12;

    public bool HoldsThreads => true;
}
