namespace RegistryIndex.Server.Mirroring;

/// <summary>A mirror as it is read: its primary answers. Where it is only read, as it was found, the secondary is not asked for anything.</summary>
internal sealed class MirrorSource(MirrorSides sides) : IRegistryIndexSource, ISearchCapacity
{
    public string? Location => sides.Primary.Place;

    public int SearchesAtOnce => sides.Primary.Capacity.SearchesAtOnce;

    public bool HoldsThreads => sides.Primary.Capacity.HoldsThreads || sides.Secondary.Capacity.HoldsThreads;

    public Task PrepareAsync(CancellationToken cancellationToken = default) => sides.Primary.Capacity.PrepareAsync(cancellationToken);

    public Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default) => sides.Primary.OpenAsFoundAsync(cancellationToken);
}
