namespace RegistryIndex.Synchronization;

/// <summary>
/// A push of a tag, as an event reports it. A registry may send the event before it writes the tag. A look-up that does not find the push is
/// repeated.
/// </summary>
/// <param name="Tag">The tag, which may be that of a signature.</param>
/// <param name="Digest">The digest of the manifest; null where the event does not say it.</param>
/// <param name="At">When an image was pushed; null for signatures and other attachments, and where the event does not say when.</param>
public sealed record RepositoryPush(string Tag, string? Digest = null, DateTimeOffset? At = null);
