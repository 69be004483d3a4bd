namespace RegistryIndex.Migration;

/// <summary>An index that is mirrored to a second one. Thread-safe.</summary>
public interface IMirroredIndex : IRegistryIndex
{
    /// <summary>The state of the secondary.</summary>
    MirrorState State { get; }
}

/// <summary>The state of a mirror's secondary in this process.</summary>
/// <param name="Pending">The number of repositories still to be written to the secondary.</param>
/// <param name="Missed">The number of repositories not written since this process started: the secondary refused them, or the queue was full.</param>
/// <param name="Problem">Why writes currently fail; null when they succeed.</param>
public sealed record MirrorState(int Pending, long Missed, string? Problem);
