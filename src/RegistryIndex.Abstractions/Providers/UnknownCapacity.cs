namespace RegistryIndex.Providers;

/// <summary>
/// The capacity of a provider that does not state one. The provider may block threads. Twelve searches come close to the best throughput of a
/// provider of either kind.
/// </summary>
internal sealed class UnknownCapacity : ISearchCapacity
{
    public int SearchesAtOnce => 12;

    public bool HoldsThreads => true;
}
