namespace RegistryIndex.Sources.Images;

/// <summary>A kind of part of an image that is read.</summary>
/// <param name="Name">The name for people.</param>
/// <param name="MaxMebibytes">The largest size that is read.</param>
public sealed record ImagePart(string Name, int MaxMebibytes)
{
    /// <summary>A manifest, or an index of manifests; the limit is that of distribution.</summary>
    public static readonly ImagePart Manifest = new("manifest", 4);

    /// <summary>The config that a manifest names.</summary>
    public static readonly ImagePart Config = new("config", 8);

    /// <summary>The largest size, in bytes.</summary>
    public int MaxBytes => MaxMebibytes << 20;

    /// <summary>Creates the error for a part that is larger.</summary>
    /// <param name="reference">The digest or tag that was requested.</param>
    public UnreadableImageException TooLarge(object reference) => new($"the {Name} {reference} is larger than {MaxMebibytes} MiB");
}
