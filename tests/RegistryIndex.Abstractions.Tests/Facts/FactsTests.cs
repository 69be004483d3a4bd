using System.Text.Json;

namespace RegistryIndex.Abstractions.Tests.Facts;

public sealed class FactsTests
{
    public static readonly RepositoryFacts All = new()
    {
        Tag = "1.2",
        DescriptionTag = "1.2",
        TagCount = 3,
        Digest = "sha256:0123",
        MediaType = "application/vnd.oci.image.index.v1+json",
        ArtifactType = "application/vnd.oci.image.config.v1+json",
        Kind = ArtifactKind.Image,
        Platforms = ["linux/amd64", "linux/arm/v7"],
        Size = 12_345_678_901,
        SizePlatform = "linux/amd64",
        CreatedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        PushedAt = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        IsSigned = true,
        IsDeprecated = true,
        Title = "A <title> & more",
        Vendor = "Größe \"x\"",
        Licenses = ["MIT", "Apache-2.0"],
        Version = "1.2.3",
        Revision = "abc",
        Source = "https://example.com/source",
        Url = "https://example.com",
        Documentation = "https://example.com/docs",
        BaseName = "docker.io/library/alpine:3.20",
        OtherImages = ["1.0@sha256:4567", "0.9@sha256:89ab"],
    };

    [Fact]
    public void All_fields_are_read_back_from_json_with_the_names_of_the_contract()
    {
        var json = All.ToJson();

        RepositoryFacts.FromJson(json).Should().Be(All);
        using var document = JsonDocument.Parse(json);
        document.RootElement.EnumerateObject().Select(member => member.Name).Should().BeEquivalentTo(
            "tag", "description_tag", "tag_count", "digest", "media_type", "artifact_type", "kind", "platforms", "size", "size_platform", "created_at", "pushed_at", "is_signed",
            "is_deprecated", "title", "vendor", "licenses", "version", "revision", "source", "url", "documentation", "base_name", "other_images");
        json.Should().Contain("\"kind\":\"image\"").And.Contain("\"pushed_at\":\"2026-01-02T03:04:05.678+00:00\"").And.Contain("A <title> & more").And.Contain("Größe");
        typeof(RepositoryFacts).GetProperties().Should().HaveCount(24);
    }

    [Fact]
    public void Unknown_and_false_values_are_not_in_the_json() =>
        new RepositoryFacts { Tag = "a", Platforms = [], IsSigned = false }.ToJson().Should().Be("""{"tag":"a"}""");

    [Fact]
    public void Fields_of_a_later_version_are_ignored() =>
        RepositoryFacts.FromJson("""{"tag":"a","stars":5}""").Should().Be(new RepositoryFacts { Tag = "a" });

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"kind":"planet"}""")]
    [InlineData("""{"tag_count":"many"}""")]
    public void Json_that_is_not_facts_is_an_error(string json) =>
        FluentActions.Invoking(() => RepositoryFacts.FromJson(json)).Should().Throw<JsonException>();

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"kind":"planet"}""")]
    [InlineData("not JSON")]
    public void Stored_facts_that_cannot_be_read_count_as_missing(string json) =>
        Repository.FromStored("a", "b", json).Should().Be(new Repository("a", "b"));

    [Fact]
    public async Task Stored_facts_are_the_same_for_all_threads_that_read_them_and_within_their_bounds()
    {
        var stored = Repository.FromStored("a", "b", """{"tag":"1","digest":"no digest"}""");
        var copy = stored with { };
        var read = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => stored.Facts)));

        stored.Facts.Should().Be(new RepositoryFacts { Tag = "1" });
        read.Should().AllSatisfy(facts => facts.Should().BeSameAs(stored.Facts));
        copy.Should().Be(stored);
        copy.GetHashCode().Should().Be(stored.GetHashCode());
        Repository.FromStored("a", "b", All.ToJson()).Should().Be(new Repository("a", "b", All));
        Repository.FromStored("a", " ", null).Should().Be(new Repository("a"));
    }

    [Fact]
    public void Every_field_takes_part_in_the_comparison()
    {
        foreach (var property in typeof(RepositoryFacts).GetProperties())
        {
            var other = RepositoryFacts.FromJson(All.ToJson());
            other.GetHashCode().Should().Be(All.GetHashCode());
            property.SetValue(other, property.PropertyType == typeof(bool) ? false : null);
            other.Should().NotBe(All, property.Name);
        }

        (All with { Platforms = ["linux/arm/v7", "linux/amd64"] }).Should().NotBe(All);
    }

    [Fact]
    public void A_list_is_copied()
    {
        string[] platforms = ["linux/amd64"];
        var facts = new RepositoryFacts { Platforms = platforms };
        platforms[0] = "another";

        facts.Platforms.Should().Equal("linux/amd64");
    }
}
