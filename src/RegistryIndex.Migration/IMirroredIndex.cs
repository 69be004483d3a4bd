namespace RegistryIndex.Migration;

/// <summary>An index that is mirrored to a second one. Thread-safe.</summary>
public interface IMirroredIndex : IRegistryIndex
{
    /// <summary>How the secondary keeps up.</summary>
    MirrorState State { get; }
}

/// <summary>How the secondary of a mirror keeps up, in this process.</summary>
/// <param name="Pending">How many repositories are still to be brought to it.</param>
/// <param name="Missed">How many it has missed for good, since this process started: refused, or more than the queue holds.</param>
/// <param name="Problem">Why nothing gets through at the moment; null when it does.</param>
public sealed record MirrorState(int Pending, long Missed, string? Problem);
