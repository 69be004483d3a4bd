namespace RegistryIndex.Storage.Images;

/// <summary>What an image says of itself.</summary>
/// <param name="Digest">Its address: the same digest says the same, as long as the image <see cref="IsWhole"/>.</param>
/// <param name="Description">Its description, ready to be stored; null when there is none, or none that can be read.</param>
internal sealed record Image(Digest Digest, string? Description)
{
    /// <summary>Why it may say more than could be read, as the end of a sentence; null when it does not.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether all of it was there; a missing image of an index may be pushed later.</summary>
    public bool IsWhole { get; init; } = true;
}
