namespace RegistryIndex.Sources.Images;

/// <summary>A tag of a repository.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Link">The digest it points at, from a storage; null when it is known only after another request.</param>
/// <param name="LinkedAt">When it was last pointed at that digest, from a storage; null when the time is not known.</param>
public readonly record struct Tag(string Name, string? Link = null, DateTimeOffset? LinkedAt = null);
