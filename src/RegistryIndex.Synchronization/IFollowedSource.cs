using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization;

/// <summary>The source that the index follows. Thread-safe.</summary>
public interface IFollowedSource
{
    /// <summary>The registry's API where it is configured, else its storage; null where the index has events only.</summary>
    IRegistrySource? Source { get; }
}
