using System.Text;

namespace RegistryIndex.Abstractions.Tests.Facts;

public sealed class FactsBoundsTests
{
    [Fact]
    public void Facts_within_the_bounds_stay_the_same_object() => Bounded(FactsTests.All).Should().BeSameAs(FactsTests.All);

    [Fact]
    public void Facts_without_a_known_value_are_null()
    {
        Bounded(new()).Should().BeNull();
        Bounded(new() { Title = " ", Platforms = [], Size = -1, CreatedAt = DateTimeOffset.UnixEpoch, Tag = "a b" }).Should().BeNull();
    }

    [Fact]
    public void Texts_over_256_code_points_are_cut_and_words_that_are_too_long_are_dropped()
    {
        var long257 = "😀" + new string('ä', 256);
        var bounded = Bounded(FactsTests.All with { Title = long257, Licenses = [.. Enumerable.Repeat("MIT", 11), " "], Tag = new('t', 129), Digest = new('d', 256), SizePlatform = new('p', 65), Url = "u" + new string('u', 1_024) })!;

        bounded.Title.Should().Be("😀" + new string('ä', 254) + "…");
        bounded.Licenses.Should().HaveCount(10);
        bounded.Should().Be(FactsTests.All with { Title = bounded.Title, Licenses = bounded.Licenses, Tag = null, Digest = null, SizePlatform = null, Url = null });
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\"")]
    [InlineData("a\\")]
    [InlineData("ä")]
    [InlineData("a\u0001")]
    [InlineData("")]
    public void Words_are_visible_ascii_without_characters_that_json_escapes(string word) =>
        Bounded(new() { Tag = word, DescriptionTag = word, Digest = word, MediaType = word, ArtifactType = word, SizePlatform = word, Platforms = [word, "linux/amd64"], OtherImages = [word, "1.0@sha256:1"], TagCount = 1 })
            .Should().Be(new RepositoryFacts { Platforms = ["linux/amd64"], OtherImages = ["1.0@sha256:1"], TagCount = 1 });

    [Fact]
    public void An_unpaired_surrogate_becomes_the_replacement_character() => Bounded(new() { Vendor = "a\ud800b" })!.Vendor.Should().Be("a\ufffdb");

    [Fact]
    public void Times_are_whole_milliseconds_of_utc_and_unknown_before_1981()
    {
        var time = new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.FromHours(2)).AddTicks(12_345);

        var bounded = Bounded(new() { PushedAt = time, CreatedAt = new(1980, 12, 31, 23, 59, 59, TimeSpan.Zero) })!;

        bounded.PushedAt!.Value.Offset.Should().Be(TimeSpan.Zero);
        bounded.Should().Be(new RepositoryFacts { PushedAt = new(2026, 2, 28, 23, 0, 0, 1, TimeSpan.Zero) });
        Bounded(new() { CreatedAt = new(1981, 1, 1, 0, 0, 0, TimeSpan.Zero) }).Should().NotBeNull();
    }

    [Fact]
    public void Fields_are_dropped_in_the_order_of_the_contract_until_the_facts_fit()
    {
        var text = "x" + new string('\u0001', 200); // 1,201 bytes
        var words = new RepositoryFacts { Tag = new('t', 128), Digest = new('d', 255), MediaType = new('m', 255), ArtifactType = new('a', 255) };
        var many = Enumerable.Range(0, 20).Select(i => $"linux/{new string('p', 50)}{i:d2}").ToArray();

        // Each has a field that is dropped last, and one that does not fit.
        (words with { Title = text, Vendor = text, Version = text }).ShouldBecome(words with { Title = text });
        (words with { Version = text, Vendor = text, Size = 1 }).ShouldBecome(words with { Version = text, Size = 1 });
        (words with { Vendor = text, Platforms = many }).ShouldBecome(words with { Vendor = text, Platforms = many[..5] });
        (words with { Platforms = many[..5], Vendor = text, Licenses = [text] }).ShouldBecome(words with { Platforms = many[..5], Vendor = text });
        (words with { Licenses = [text], Source = new('s', 1_000) }).ShouldBecome(words with { Licenses = [text] });
        (words with { Source = new('s', 1_000), BaseName = text }).ShouldBecome(words with { Source = new('s', 1_000) });
        (words with { BaseName = text, Revision = text }).ShouldBecome(words with { BaseName = text });
        (words with { Revision = text, Url = new('u', 1_000) }).ShouldBecome(words with { Revision = text });
        (words with { Documentation = new('d', 1_024), OtherImages = [.. Enumerable.Repeat(new string('o', 384), 3)] }).ShouldBecome(words with { Documentation = new('d', 1_024) });
        (words with { Url = new('u', 1_024), Documentation = new('d', 1_024), SizePlatform = new('p', 64) }).ShouldBecome(words with { Url = new('u', 1_024), SizePlatform = new('p', 64) });
    }

    [Fact]
    public void Facts_that_fit_exactly_are_kept_whole()
    {
        var facts = new RepositoryFacts { Url = new('u', 1_024), Source = new('s', 1_024), Documentation = "d" };
        var rest = RepositoryFacts.MaxJsonBytes - Bytes(facts);
        var fits = facts with { Documentation = new('d', 1 + rest) };

        Bytes(fits).Should().Be(RepositoryFacts.MaxJsonBytes);
        Bounded(fits).Should().BeSameAs(fits);
        Bounded(fits with { Documentation = fits.Documentation + "d" })!.Documentation.Should().BeNull();
    }

    [Fact]
    public void All_facts_fit_with_any_texts()
    {
        foreach (var character in (string[])["x", "\"", "\\", "\u0001", "ä", "\u2028", "\uffff", "😀"])
        {
            string Long(int count) => string.Concat(Enumerable.Repeat(character, count / character.Length));
            var bounded = Bounded(new()
            {
                Tag = Long(128),
                DescriptionTag = Long(128),
                TagCount = int.MaxValue,
                Digest = Long(255),
                MediaType = Long(255),
                ArtifactType = Long(255),
                Kind = ArtifactKind.Artifact,
                Platforms = [.. Enumerable.Repeat(Long(64), 20)],
                Size = long.MaxValue,
                SizePlatform = Long(64),
                CreatedAt = DateTimeOffset.MaxValue,
                PushedAt = DateTimeOffset.MaxValue,
                IsSigned = true,
                IsDeprecated = true,
                Title = Long(256),
                Vendor = Long(256),
                Licenses = [.. Enumerable.Repeat(Long(256), 10)],
                Version = Long(256),
                Revision = Long(256),
                Source = Long(1_024),
                Url = Long(1_024),
                Documentation = Long(1_024),
                BaseName = Long(256),
                OtherImages = [.. Enumerable.Repeat(Long(384), 5)],
            })!;
            Bytes(bounded).Should().BeLessThanOrEqualTo(RepositoryFacts.MaxJsonBytes);
            new Repository("app", null, bounded).Facts.Should().BeSameAs(bounded);
        }
    }

    private static int Bytes(RepositoryFacts facts) => Encoding.UTF8.GetByteCount(facts.ToJson());

    private static RepositoryFacts? Bounded(RepositoryFacts facts) => new Repository("app", null, facts).Facts;
}

internal static class FactsAssertions
{
    public static void ShouldBecome(this RepositoryFacts facts, RepositoryFacts bounded)
    {
        Encoding.UTF8.GetByteCount(facts.ToJson()).Should().BeGreaterThan(RepositoryFacts.MaxJsonBytes);
        new Repository("app", null, facts).Facts.Should().Be(bounded);
    }
}
