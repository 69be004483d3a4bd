namespace RegistryIndex.EfCore;

/// <summary>A relational database has one writer, and others would only wait for its lock. Its trees are filled some 1.5 times as fast in name order as in the order of a hash.</summary>
internal sealed class EfCoreImportPreference : IImportPreference
{
    public int LeastBatch => 100;

    public int MostBatch => 8_000;

    public int ImportsAtOnce => 1;

    public bool IsNameOrderFaster => true;
}
