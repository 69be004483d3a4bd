namespace RegistryIndex.Sources.Images;

/// <summary>What an image is made of, as far as it is read.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="MaxMebibytes">The most that is read of it.</param>
public sealed record ImagePart(string Name, int MaxMebibytes)
{
    /// <summary>A manifest, or an index of them; of the size that distribution takes at most.</summary>
    public static readonly ImagePart Manifest = new("manifest", 4);

    /// <summary>The config that a manifest names.</summary>
    public static readonly ImagePart Config = new("config", 8);

    /// <summary>The same in bytes.</summary>
    public int MaxBytes => MaxMebibytes << 20;

    /// <summary>The error for a part that is larger.</summary>
    /// <param name="reference">The digest or tag by which it was asked for.</param>
    public UnreadableImageException TooLarge(object reference) => new($"the {Name} {reference} is larger than {MaxMebibytes} MiB");
}
