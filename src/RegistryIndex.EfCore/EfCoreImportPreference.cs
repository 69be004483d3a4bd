namespace RegistryIndex.EfCore;

/// <summary>
/// A relational database has one writer, and other writers would only wait for its lock. Its B-trees fill about 1.5
/// times as fast in name order as in hash order.
/// </summary>
internal sealed class EfCoreImportPreference : IImportPreference
{
    public int LeastBatch => 100;

    public int MostBatch => 8_000;

    public int ImportsAtOnce => 1;

    public bool IsNameOrderFaster => true;
}
