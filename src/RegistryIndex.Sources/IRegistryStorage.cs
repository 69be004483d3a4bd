namespace RegistryIndex.Sources;

/// <summary>A registry's own storage, read directly.</summary>
/// <remarks>
/// <see cref="IRegistrySource.ReadAsync"/> enumerates depth first, with the children of a directory in ordinal order (<c>team</c>,
/// <c>team/x</c>, <c>team-b</c>), which is distribution's own order. An enumeration that continues after a position reads nothing before
/// the position again, except the directories above it. Only the names beside and above the current one are held in memory. A <see
/// cref="RegistrySourceException"/> means that no storage is configured, that it holds no registry, or that a part of it cannot be read.
/// </remarks>
public interface IRegistryStorage : IRegistrySource;
