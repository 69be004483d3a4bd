namespace RegistryIndex.Sources;

/// <summary>A tag of a repository, with what a listing returns.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Digest">The digest of its manifest or index; null when it is known only after reading it.</param>
/// <param name="PushedAt">When it was last pushed; null when the time is not known.</param>
public sealed record ListedTag(string Name, string? Digest = null, DateTimeOffset? PushedAt = null);
