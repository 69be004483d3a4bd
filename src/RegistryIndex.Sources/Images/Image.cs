namespace RegistryIndex.Sources.Images;

/// <summary>What an image says of itself.</summary>
/// <param name="Digest">Its address: the same digest says the same, as long as what it lacks is not there.</param>
/// <param name="Description">Its description, ready to be stored; null when there is none, or none that can be read.</param>
internal sealed record Image(Digest Digest, string? Description)
{
    /// <summary>Why it may say more than could be read, as the end of a sentence; null when it does not.</summary>
    public string? Problem { get; init; }

    /// <summary>What could not be had of it, and may be pushed or mended later.</summary>
    public IReadOnlyList<(ImagePart Part, Digest Digest)> Lacking { get; init; } = [];
}
