using RegistryIndex.EfCore.Memory;

namespace RegistryIndex.EfCore.Tests.Memory;

public sealed class TextSearchTests
{
    private static readonly string[] Pieces = ["a", "ab", "abc", "app", "app-x", "b", "library", "App", "x1", "zy"];
    private static readonly string[] OddPieces = ["ä", "Ä", "𝒳", "\uE000", "日本", " ", ".", "ſ"];
    private static readonly string[] Words = ["a", "ab", "bc", "app", "p-", "b", "/a", "a/a", "lib", "library/", "x", "1", "ä", "日", "𝒳", "\uE000", "fast", "st", "zy", ".", "-", "s"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_histories_have_the_pages_of_the_contract(int seed)
    {
        var random = new Random(seed);
        var stored = new Dictionary<int, Repository>();
        var texts = new FoldedTexts();
        for (var step = 0; step < 600; step++)
        {
            var id = random.Next(250);
            if (random.Next(4) == 0)
            {
                stored.Remove(id);
                texts.Remove(id);
            }
            else if (new Repository(Name(random), Description(random)) is var repository && stored.All(other => other.Key == id || other.Value.Name != repository.Name))
            {
                stored[id] = repository;
                texts.Put(id, repository.Name, Folding.Fold(repository.Name), Folding.Fold(repository.Description ?? ""));
            }

            if (texts.IsMostlyUnseen)
                texts = texts.Compact();
            if (step % 5 == 0)
                Compare(texts, stored, SearchQuery.Parse(string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Words[random.Next(Words.Length)]))), random.Next(1, 12));
        }

        Assert.Equal(stored.Count, texts.Count);
    }

    [Fact]
    public void A_word_does_not_match_across_two_texts()
    {
        var texts = new FoldedTexts();
        texts.Put(1, "one", "one", "ends in ab");
        texts.Put(2, "two", "two", "cd begins it");

        Assert.Empty(TextSearch.Find(texts, SearchQuery.Parse("abcd"), null, 5));
        Assert.Empty(TextSearch.Find(texts, SearchQuery.Parse("onetwo"), null, 5));
    }

    [Fact]
    public void Matches_in_descriptions_are_compared_by_up_to_64_code_points()
    {
        var long64 = string.Concat(Enumerable.Repeat("é", 63));
        var texts = new FoldedTexts();
        texts.Put(1, "b", "b", $"x{long64}a");
        texts.Put(2, "a", "a", $"x{long64}b");

        Assert.Equal([2, 1], TextSearch.Find(texts, SearchQuery.Parse("xé"), null, 5).Select(found => found.Id));
    }

    [Fact]
    public void A_word_that_a_sample_of_the_texts_does_not_contain_is_probably_rare()
    {
        var texts = new FoldedTexts();
        for (var id = 1; id <= 20_000; id++)
            texts.Put(id, $"r{id}", $"r{id}", id % 10 == 0 ? "one in ten" : id == 10_101 ? "one alone" : "nothing");

        TextSearch.IsLikelyRare(texts, "ten").Should().BeFalse();
        TextSearch.IsLikelyRare(texts, "r12").Should().BeFalse("names contain it");
        TextSearch.IsLikelyRare(texts, "alone").Should().BeTrue();
        TextSearch.IsLikelyRare(texts, "absent").Should().BeTrue();
    }

    private static void Compare(FoldedTexts texts, Dictionary<int, Repository> stored, SearchQuery query, int limit)
    {
        var expected = stored.Select(row => (row.Key, Rank: query.Rank(row.Value))).Where(row => row.Rank is not null)
            .OrderBy(row => row.Rank!.Value).Select(row => new FoundText(row.Key, row.Rank!.Value)).ToList();
        List<FoundText> found = [];
        do
        {
            var page = TextSearch.Find(texts, query, found.Count == 0 ? null : found[^1].Rank, limit);
            Assert.InRange(page.Count, 0, limit);
            found.AddRange(page);
            if (page.Count < limit)
                break;
        }
        while (found.Count <= expected.Count);

        Assert.Equal(expected, found);
    }

    private static string Name(Random random) => string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
        random.Next(8) == 0 ? OddPieces[random.Next(OddPieces.Length)] : Pieces[random.Next(Pieces.Length)]));

    private static string? Description(Random random) => random.Next(3) == 0
        ? null
        : string.Join(' ', Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(3) == 0 ? "fastest" : Pieces[random.Next(Pieces.Length)] + OddPieces[random.Next(OddPieces.Length)]));
}
