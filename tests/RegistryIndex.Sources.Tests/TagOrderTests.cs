using CsCheck;
using RegistryIndex.Sources.Images;

namespace RegistryIndex.Sources.Tests;

/// <summary>The choice of the tag that represents its repository.</summary>
public sealed class TagOrderTests
{
    [Theory]
    [InlineData("latest", "3.0", "1.0", "main")]
    [InlineData("1.10", "1.9", "1.2")]
    [InlineData("v2.0.0", "v1.99.99")]
    [InlineData("1.0", "v0.9")]
    [InlineData("v1.0", "0.9")]
    [InlineData("2", "1.9.9")]
    [InlineData("1.10.0", "1.10.0-rc1", "1.9.0")]
    [InlineData("1.9.0", "1.10.0-rc.1", "1.10.0-beta.2", "2.0.0-SNAPSHOT", "2.0.0b1", "2.0.0-M1", "2.0.0-preview.3", "v2.0.0-alpha", "1.10.0-17-g3f2a91c", "1.10.0-3f2a91c", "2.0.0-pr17", "2.0.0-dev")]
    [InlineData("2.4.1", "pr-17", "main", "master", "develop", "sha-abc1234", "3f2a91c", "feature-login", "nightly", "edge", "stable")]
    [InlineData("2.4.1", "20240101", "20240101-1", "20240101.3", "48213", "1234567", "202401011200")]
    [InlineData("20261123", "20261122", "20260101", "main", "pr-17")]
    [InlineData("1000", "999", "17")]
    [InlineData("2024.01.2", "2024.01.1", "2023.12.31")]
    [InlineData("24.04", "22.04", "jammy")]
    [InlineData("1.26-alpine", "1.25", "1.25-alpine")]
    [InlineData("1.25", "1.25-alpine", "1.25-bookworm")]
    [InlineData("8.0-jammy", "7.0-jammy", "8.0-rc1-jammy", "8.0-preview")]
    [InlineData("1.2.3-debian-11-r10", "1.2.3-debian-11-r9")]
    [InlineData("1.0.0_build7", "1.0.0-rc1", "0.9.9_build8")]
    [InlineData("1.0rc2", "1.0rc1", "1.0b3", "main")]
    [InlineData("2.0", "2")]
    [InlineData("1.00", "1.0")]
    [InlineData("123456789012345678901234567890", "99999999999999999999999999999")]
    [InlineData("stable", "main", "dev")]
    [InlineData("pr-17", "pr-9")]
    [InlineData("RELEASE.2024-02-04T00-00-00Z", "RELEASE.2024-01-31T00-00-00Z", "RELEASE.2023-12-31T00-00-00Z")]
    [InlineData("only")]
    public void The_tag_is_latest_else_the_highest_release_else_pre_release_else_name(string best, params string[] others)
    {
        TagOrder.CanRepresent(best).Should().BeTrue();
        TagOrder.BestFirst([best, .. others]).First().Should().Be(best);
        TagOrder.BestFirst([.. others.Reverse(), best]).First().Should().Be(best);
    }

    [Theory]
    [InlineData("sha256-{0}.sig")]
    [InlineData("sha256-{0}.att")]
    [InlineData("sha256-{0}.sbom")]
    [InlineData("sha256-{0}.cosign")]
    [InlineData("sha256-{0}.imgpkg")]
    [InlineData("sha256-{0}-1")]
    [InlineData("sha256-{0}")]
    [InlineData("sha512-{0}")]
    [InlineData("sha512-{0}.sig")]
    [InlineData("team-sha256-{0}.sig")]
    [InlineData("1.2.0.sig")]
    [InlineData("1.2.0.att")]
    [InlineData("1.2.0-sbom")]
    [InlineData("1.2.0-attestation")]
    [InlineData("cache")]
    [InlineData("buildcache")]
    [InlineData("build-cache")]
    [InlineData("_cache")]
    [InlineData("buildcache-amd64")]
    [InlineData("main-buildcache")]
    [InlineData("cache-main")]
    [InlineData("2.4.1-cache")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("-1.0")]
    [InlineData("1.0\n")]
    public void Signatures_attachments_caches_and_invalid_tags_are_never_chosen(string form)
    {
        var tag = form.Replace("{0}", new string('a', 32) + new string('7', 32), StringComparison.Ordinal);
        TagOrder.CanRepresent(tag).Should().BeFalse();
        TagOrder.BestFirst([tag, "dev"]).Should().Equal("dev", tag);
    }

    [Theory]
    [InlineData("memcached")]
    [InlineData("nginx-cache-1.0")]
    [InlineData("sha-abc1234")]
    [InlineData("sha256-abc")]
    [InlineData("signed")]
    [InlineData("0.1.0")]
    public void Tags_that_only_resemble_signatures_can_be_chosen(string tag) => TagOrder.CanRepresent(tag).Should().BeTrue();

    [Fact]
    public void The_order_of_the_list_does_not_matter_and_the_remaining_tags_keep_their_order()
    {
        Tags.Array[0, 12].Select(tags => tags.Distinct(StringComparer.Ordinal).ToArray()).Sample((string[] tags) =>
        {
            var order = TagOrder.BestFirst(tags).ToList();
            var shuffled = tags.ToArray();
            new Random(tags.Length).Shuffle(shuffled);
            order.Should().BeEquivalentTo(tags);
            TagOrder.BestFirst(shuffled).Should().Equal(order);
            TagOrder.BestFirst(tags.Reverse()).Should().Equal(order);
        });
    }

    [Fact]
    public void The_comparison_is_a_total_order()
    {
        var ranked = Tags.Select(tag => new RankedTag(tag, TagOrder.CanRepresent(tag)));
        Gen.Select(ranked, ranked, ranked).Sample((a, b, c) =>
        {
            var order = RankedTag.Order;
            Math.Sign(order.Compare(a, b)).Should().Be(-Math.Sign(order.Compare(b, a)));
            (order.Compare(a, b) == 0).Should().Be(a.Name == b.Name);
            if (order.Compare(a, b) >= 0 && order.Compare(b, c) >= 0)
                order.Compare(a, c).Should().BeGreaterThanOrEqualTo(0, "{0} is above {1}, and that above {2}", a.Name, b.Name, c.Name);
        }, iter: 20_000);
    }

    [Fact]
    public void The_best_of_a_hundred_thousand_tags_is_found()
    {
        var tags = Enumerable.Range(0, 100_000).Select(i => $"1.{i % 317}.{i}-{(i % 3 == 0 ? "rc" : "alpine")}{i % 7}").ToList();
        TagOrder.BestFirst(tags).First().Should().Be(tags.Where(tag => tag.Contains("alpine", StringComparison.Ordinal) && tag.StartsWith("1.316.", StringComparison.Ordinal)).Last());
    }

    private static Gen<string> Tags
    {
        get
        {
            string[] parts = ["1", "2", "10", "01", "0", "2024", "20240101", "999", "1000", "v", "V", ".", "-", "_", "rc", "rc1", "a1", "alpine", "latest", "main", "sha", "g3f2a91c", "cache", "sig", "sha256-", "Z", "x"];
            return Gen.OneOf(Gen.Int[0, parts.Length - 1].Select(i => parts[i]).Array[1, 6].Select(string.Concat), Gen.String[Gen.Char["0123abfgvrc.-_"], 0, 9]);
        }
    }
}
