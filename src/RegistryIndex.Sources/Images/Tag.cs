namespace RegistryIndex.Sources.Images;

/// <summary>A tag of a repository.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Link">What a storage says it points at; null where only asking for it tells.</param>
public readonly record struct Tag(string Name, string? Link = null);
