namespace RegistryIndex.Sources.Images;

/// <summary>The tags and images of one repository, wherever they are kept; <see cref="RepositoryReader"/> makes sense of them.</summary>
/// <remarks>
/// A <see cref="RegistrySourceException"/> of any of these says that the source cannot be read at the moment, an
/// <see cref="UnreadableImageException"/> that this one image cannot.
/// </remarks>
public interface IRepositoryImages
{
    /// <summary>The tags, those that speak first (<see cref="TagOrder"/>); nothing when the source says that there is none.</summary>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    IAsyncEnumerable<Tag> ListTagsAsync(CancellationToken cancellationToken);

    /// <summary>The manifest that a tag points at; null when that is still the known one.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="known">The digest of the manifest that is known already; null where none is.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnreadableImageException">It is missing or cannot be read.</exception>
    Task<Manifest?> OpenAsync(Tag tag, Digest? known, CancellationToken cancellationToken);

    /// <summary>A part of an image; null when the source says that it does not have it.</summary>
    /// <param name="part">What it is, and how much of it is read at most.</param>
    /// <param name="digest">Its address.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnreadableImageException">It cannot be read.</exception>
    Task<byte[]?> ReadAsync(ImagePart part, Digest digest, CancellationToken cancellationToken);
}
