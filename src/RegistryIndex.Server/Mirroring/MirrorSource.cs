namespace RegistryIndex.Server.Mirroring;

/// <summary>A mirror that is only read: its primary, as it was found. The secondary is not asked for anything.</summary>
internal sealed class MirrorSource(MirrorSides sides) : IRegistryIndexSource
{
    public string? Location => sides.Primary.Place;

    public Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default) => sides.Primary.OpenAsFoundAsync(cancellationToken);
}
