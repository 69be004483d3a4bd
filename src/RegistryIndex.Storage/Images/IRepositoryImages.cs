namespace RegistryIndex.Storage.Images;

/// <summary>The tags and images of one repository, wherever they are kept; <see cref="RepositoryReader"/> makes sense of them.</summary>
/// <remarks>
/// A <see cref="RegistrySourceException"/> of any of these says that the source cannot be read at the moment, an
/// <see cref="UnreadableImageException"/> that this one image cannot.
/// </remarks>
internal interface IRepositoryImages
{
    /// <summary>The tags, those that speak first (<see cref="TagOrder"/>); nothing when the source says that there is none.</summary>
    IAsyncEnumerable<Tag> ListTagsAsync(CancellationToken cancellationToken);

    /// <summary>The manifest that a tag points at; null when that is still the known one.</summary>
    /// <exception cref="UnreadableImageException">It is missing or cannot be read.</exception>
    Task<Manifest?> OpenAsync(Tag tag, Digest? known, CancellationToken cancellationToken);

    /// <summary>A part of an image; null when the source says that it does not have it.</summary>
    /// <exception cref="UnreadableImageException">It cannot be read.</exception>
    Task<byte[]?> ReadAsync(ImagePart part, Digest digest, CancellationToken cancellationToken);
}

/// <summary>A tag of a repository.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Link">What a storage says it points at; null where only asking for it tells.</param>
internal readonly record struct Tag(string Name, string? Link = null);

/// <summary>A manifest, or an index of them, as it was read.</summary>
internal readonly record struct Manifest(Digest Digest, byte[] Content);

/// <summary>What an image is made of, as far as it is read.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="MaxMebibytes">The most that is read of it.</param>
internal sealed record ImagePart(string Name, int MaxMebibytes)
{
    /// <summary>A manifest, or an index of them; of the size that distribution takes at most.</summary>
    public static readonly ImagePart Manifest = new("manifest", 4);

    /// <summary>The config that a manifest names.</summary>
    public static readonly ImagePart Config = new("config", 8);

    public int MaxBytes => MaxMebibytes << 20;

    public UnreadableImageException TooLarge(object reference) => new($"the {Name} {reference} is larger than {MaxMebibytes} MiB");
}
