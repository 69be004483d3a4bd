using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization;

/// <summary>The source that the index follows. Thread-safe.</summary>
public interface IFollowedSource
{
    /// <summary>The registry's API where it is configured, else its storage; null where events are all there is.</summary>
    IRegistrySource? Source { get; }
}
