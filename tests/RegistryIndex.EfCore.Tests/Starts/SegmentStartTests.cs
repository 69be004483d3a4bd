using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Tests.Starts;

/// <summary>The segment starts of a name, and which of them counts for a word.</summary>
public sealed class SegmentStartTests
{
    [Theory]
    [InlineData("app/app-x", "app-x|0, app/app-x|3")]
    [InlineData("a/a/a", "a|0, a/a/a|1, a/a|3")]
    [InlineData("ab/abc/ab", "ab|0, ab/abc/ab|2, abc/ab|2")]
    [InlineData("library/Ubuntu", "ubuntu|0, library/ubuntu|0")]
    [InlineData("a//b", "b|0, a//b|0, /b|0")]
    [InlineData("a/", "a/|0")]
    [InlineData(" ", "|0")]
    public void The_last_segment_comes_first_and_each_start_has_its_common_prefix_with_earlier_ones(string name, string expected) =>
        string.Join(", ", SegmentStart.Of(7, name, keepsOrder: true).Select(start => $"{start.Text}|{start.AlsoBefore}")).Should().Be(expected);

    [Fact]
    public void Names_that_are_too_long_for_a_key_have_no_starts()
    {
        SegmentStart.Of(7, string.Join('/', Enumerable.Repeat("abcdefg", 32)), keepsOrder: true).Should().HaveCount(32).And.NotContain(start => start.Text.Length == 0);
        foreach (var name in (string[])[new('x', 401), string.Concat(Enumerable.Repeat("😀", 101)), string.Concat(Enumerable.Repeat("Ⱥ", 150))])
            SegmentStart.Of(7, name, keepsOrder: true).Should().Equal(new SegmentStart(7, "", "", 0, 0, 0));
    }

    [Fact]
    public void Exactly_one_start_counts_for_each_word_and_it_is_the_one_that_ranks()
    {
        var random = new RandomNames(20_26);
        for (var i = 0; i < 5_000; i++)
        {
            var name = random.Name();
            var query = SearchQuery.Parse(random.PieceOf(name));
            if (query.Words is not [var word])
                continue;
            var counting = SegmentStart.Of(7, name, keepsOrder: true).Where(start => start.Text.StartsWith(word, StringComparison.Ordinal) && start.AlsoBefore < word.Length).ToList();
            if (query.Rank(new Repository(name)) is { Tier: 1 } rank)
                counting.Should().ContainSingle("of '{0}' in '{1}'", word, name).Which.Should().Match<SegmentStart>(start => start.Text == rank.Text && start.Unofficial == (rank.IsOfficial ? 0 : 1) && start.NameLength == rank.NameLength);
            else
                counting.Should().BeEmpty("of '{0}' in '{1}'", word, name);
        }
    }

    [Theory]
    [InlineData("web", "wec")]
    [InlineData("a\ud7ff", "a\ue000")]
    [InlineData("a\uffff", "a\U00010000")]
    [InlineData("a\U0010ffff", "b")]
    [InlineData("\U0010ffff\U0010ffff", null)]
    public void The_range_of_a_prefix_ends_before_the_next_text(string word, string? next) => PrefixRange.After(word).Should().Be(next);
}

/// <summary>Names of few parts, so that segments repeat. Some of them are not valid names.</summary>
internal sealed class RandomNames(int seed)
{
    private static readonly string[] Pieces = ["a", "a", "b", "ab", "abc", "app", "App", "app-x", "x", "/", "/", "/", "/", "-", "library/"];
    private static readonly string[] OddPieces = ["😀", "𐐀", "\ue000", "é", " ", "%", "ß", "//"];
    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    public T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    /// <summary>Any name that a foreign table may contain.</summary>
    public string Name() => string.Concat(Enumerable.Range(0, _random.Next(1, 9)).Select(_ => Pick(_random.Next(6) == 0 ? OddPieces : Pieces)));

    /// <summary>A name that an upsert accepts.</summary>
    public string GoodName() =>
        string.Join('/', Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Pick((string[])["a", "ab", "abc", "app", "App", "app-x", "x", "library", "b-a"])));

    public string PieceOf(string name)
    {
        var runes = name.EnumerateRunes().ToList();
        var from = _random.Next(runes.Count);
        return string.Concat(runes.Skip(from).Take(_random.Next(1, 8)));
    }
}
