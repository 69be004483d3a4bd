namespace RegistryIndex.Testing;

/// <summary>Facts of a typical registry, some 660 bytes of JSON.</summary>
public static class UsualFacts
{
    /// <summary>Creates them.</summary>
    /// <param name="pushedAt">The time of the last push. Null if unknown.</param>
    public static RepositoryFacts Of(DateTimeOffset? pushedAt) => new()
    {
        Tag = "v1.14.2",
        TagCount = 37,
        Digest = $"sha256:{new string('a', 64)}",
        MediaType = "application/vnd.oci.image.index.v1+json",
        ArtifactType = "application/vnd.oci.image.config.v1+json",
        Kind = ArtifactKind.Image,
        Platforms = ["linux/amd64", "linux/arm64"],
        Size = 48_123_456,
        SizePlatform = "linux/amd64",
        CreatedAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        PushedAt = pushedAt,
        Title = "Billing",
        Vendor = "Example",
        Licenses = ["Apache-2.0"],
        Version = "1.14.2",
        Revision = new string('b', 40),
        Source = "https://git.example.org/platform/billing-inbox",
        BaseName = "docker.io/library/alpine:3.20",
    };
}
