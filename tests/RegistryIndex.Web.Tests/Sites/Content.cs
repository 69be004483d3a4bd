using System.Text.Json;

namespace RegistryIndex.Web.Tests.Sites;

/// <summary>The repositories of the tests' site, as lines to import.</summary>
internal static class Content
{
    private const string Digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    /// <summary>The repository that the registry has, too.</summary>
    public const string Web = "team/shop/web";

    /// <summary>How many repositories fill the pages, all with the word <c>archive</c>.</summary>
    public const int Archived = 120;

    public static string Lines => string.Join('\n', Repositories().Select(repository =>
        JsonSerializer.Serialize(new { name = repository.Name, description = repository.Description, facts = repository.Facts })));

    private static IEnumerable<Repository> Repositories()
    {
        yield return new(Web, "The web server of the shop: catalogue, basket and payment.", new RepositoryFacts
        {
            Tag = "2.4.1",
            TagCount = 3,
            Digest = Digest,
            MediaType = "application/vnd.oci.image.index.v1+json",
            Kind = ArtifactKind.Image,
            Platforms = ["linux/amd64", "linux/arm64"],
            Size = 48_200_000,
            SizePlatform = "linux/amd64",
            PushedAt = Ago(TimeSpan.FromHours(3)),
            CreatedAt = Ago(TimeSpan.FromHours(4)),
            IsSigned = true,
            Title = "Shop",
            Vendor = "Example Ltd",
            Licenses = ["Apache-2.0"],
            Version = "2.4.1",
            Revision = "c0ffee254729296a45a3885639ac7e10f9d54979",
            Source = "https://git.example.com/shop/web",
            Url = "https://shop.example.com/",
            Documentation = "https://docs.example.com/shop",
            BaseName = "docker.io/library/nginx:1.29-alpine",
        });
        yield return new("team/shop/api", "Answers what the web server and the apps ask, over HTTP and gRPC.", Image("2.4.1", 61_000_000, TimeSpan.FromHours(5)) with { IsSigned = true });
        yield return new("team/shop/worker", null, Image("2.4.0", 58_700_000, TimeSpan.FromDays(2)));
        yield return new("charts/shop", "Installs the shop with its database and cache.", new RepositoryFacts { Tag = "1.9.0", Kind = ArtifactKind.Chart, Size = 31_000, PushedAt = Ago(TimeSpan.FromDays(3)) });
        yield return new("models/shop-search", "Finds what customers mean, in eleven languages.", new RepositoryFacts { Tag = "v7", Kind = ArtifactKind.Model, Size = 1_840_000_000, PushedAt = Ago(TimeSpan.FromDays(9)) });
        yield return new("legacy/shop", "The shop until 2023. Use team/shop/web instead.", Image("1.0", 310_000_000, TimeSpan.FromDays(900)) with { IsDeprecated = true, Platforms = ["linux/amd64"] });
        yield return new("plain/nothing-known");
        for (var i = 0; i < Archived; i++)
            yield return new($"archive/{i:d3}", $"Number {i} of the archive.", Image("1.0", 1_000_000 + (i * 10_000), TimeSpan.FromDays(1_000 + i)));
    }

    private static RepositoryFacts Image(string tag, long size, TimeSpan age) =>
        new() { Tag = tag, Kind = ArtifactKind.Image, Platforms = ["linux/amd64", "linux/arm64"], Size = size, PushedAt = Ago(age) };

    private static DateTimeOffset Ago(TimeSpan age) => TimeProvider.System.GetUtcNow() - age;
}
