namespace RegistryIndex.Sources.Images;

/// <summary>What an image says about itself.</summary>
/// <param name="Digest">The digest of its manifest. An image with the same digest says the same, unless a missing part was added since.</param>
/// <param name="Description">Its description, ready to be stored; null when it has none or none could be read.</param>
internal sealed record Image(Digest Digest, string? Description)
{
    /// <summary>The facts of the image, without those of its repository; null when the image could not be read.</summary>
    public RepositoryFacts? Facts { get; init; }

    /// <summary>Whether it lists a signature of another image.</summary>
    public bool HasSignature { get; init; }

    /// <summary>Why parts of it could not be read, as the end of a sentence; null when all could be.</summary>
    public string? Problem { get; init; }

    /// <summary>The parts that are missing, and may be pushed or repaired later.</summary>
    public IReadOnlyList<(ImagePart Part, Digest Digest)> Lacking { get; init; } = [];
}
