namespace RegistryIndex.Sources;

/// <summary>A registry's own storage, read for what is in it.</summary>
/// <remarks>
/// The order of <see cref="IRegistrySource.ReadAsync"/> is depth first with the children of a directory in ordinal order
/// (<c>team</c>, <c>team/x</c>, <c>team-b</c>), which is distribution's own. When it goes on after a position nothing before that is
/// read again but the directories above it. In memory are only the names beside and above the current one. What it
/// throws is a <see cref="RegistrySourceException"/>: no storage is configured, it holds no registry, or a part of it cannot be read.
/// </remarks>
public interface IRegistryStorage : IRegistrySource;
