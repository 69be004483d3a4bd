namespace RegistryIndex.Server.Mirroring;

/// <summary>Reads a mirror: its primary answers. When it is opened unchanged for reading only, the secondary is not used.</summary>
internal sealed class MirrorSource(MirroredIndexes sides) : IRegistryIndexSource, ISearchCapacity
{
    public string? Location => sides.Primary.Place;

    public int SearchesAtOnce => sides.Primary.Capacity.SearchesAtOnce;

    public bool HoldsThreads => sides.Primary.Capacity.HoldsThreads || sides.Secondary.Capacity.HoldsThreads;

    public Task PrepareAsync(CancellationToken cancellationToken = default) => sides.Primary.Capacity.PrepareAsync(cancellationToken);

    public Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default) => sides.Primary.OpenAsFoundAsync(cancellationToken);
}
