namespace RegistryIndex.Sources.Images;

/// <summary>The tags and images of one repository in any source; <see cref="RepositoryReader"/> interprets them.</summary>
/// <remarks>
/// Any of these methods throws a <see cref="RegistrySourceException"/> when the source cannot be read at the moment, and an <see
/// cref="UnreadableImageException"/> when only this image cannot be read.
/// </remarks>
public interface IRepositoryImages
{
    /// <summary>Lists the names of the tags, in no order; empty when the source answers that there are none.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyCollection<string>> ListTagsAsync(CancellationToken cancellationToken);

    /// <summary>Finds a listed tag, with what the source knows of it without another read; null when the tag is gone.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Tag?> FindTagAsync(string name, CancellationToken cancellationToken);

    /// <summary>Reads the manifest that a tag points at; null when it is still the known one.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="known">The digest of the manifest that is known already; null when none is known.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnreadableImageException">The manifest is missing or cannot be read.</exception>
    Task<Manifest?> OpenAsync(Tag tag, Digest? known, CancellationToken cancellationToken);

    /// <summary>Reads a part of an image; null when the source answers that it does not have the part.</summary>
    /// <param name="part">The kind of part, with the limit of its size.</param>
    /// <param name="digest">The digest of the part.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnreadableImageException">The part cannot be read.</exception>
    Task<byte[]?> ReadAsync(ImagePart part, Digest digest, CancellationToken cancellationToken);
}
