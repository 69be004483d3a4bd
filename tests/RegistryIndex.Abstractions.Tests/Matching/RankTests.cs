using RegistryIndex.Conformance.Model;

namespace RegistryIndex.Tests.Matching;

public sealed class RankTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Thousands_of_random_queries_find_and_order_as_the_contract_says(int seed)
    {
        var data = new RandomData(seed);
        var repositories = Enumerable.Range(0, 400).Select(_ => data.Repository()).DistinctBy(repository => repository.Name).ToList();
        for (var i = 0; i < 1_000; i++)
        {
            var text = data.Query(repositories);
            var query = SearchQuery.Parse(text);
            var found = repositories.Where(repository => query.Rank(repository) is not null).OrderBy(repository => query.Rank(repository)!.Value);
            var expected = repositories.Select(repository => (Repository: repository, Rank: ContractModel.Rank(text, repository)))
                .Where(pair => pair.Rank is not null)
                .OrderBy(pair => pair.Rank!.Value, ContractModel.Order)
                .Select(pair => pair.Repository);
            found.Should().Equal(expected, "the query was '{0}'", text);
        }
    }

    [Theory]
    [InlineData("web", "web", 1, "web")]
    [InlineData("web", "team/web", 1, "web")]
    [InlineData("web", "web/web", 1, "web")]
    [InlineData("web", "web/web/app", 1, "web/web/app")]
    [InlineData("web/w", "web/web", 1, "web/web")]
    [InlineData("web", "my-web/app", 2, "web/app")]
    [InlineData("m/w", "team/web", 2, "m/web")]
    [InlineData("/web", "team/web", 2, "/web")]
    [InlineData("/team", "team/web", 0, null)]
    [InlineData("WEB", "team/Web", 1, "web")]
    [InlineData("w", "team/web", 1, "web")]
    [InlineData("e", "team/web", 0, null)]
    [InlineData("shop", "team/web", 3, "shop-front,")]
    [InlineData("front, our", "team/web", 3, "our")]
    public void A_repository_is_ranked_by_its_best_match(string text, string name, int tier, string? rest)
    {
        var rank = SearchQuery.Parse(text).Rank(new(name, "The shop-front, our shop"));
        rank.Should().Be(tier == 0 ? null : new RankKey(tier, rest!, name));
    }

    [Fact]
    public void Matches_in_descriptions_are_ordered_by_at_most_64_code_points()
    {
        var word = string.Concat(Enumerable.Repeat("😀", 70));
        SearchQuery.Parse("😀").Rank(new("a", word))!.Value.Text.Should().Be(string.Concat(Enumerable.Repeat("😀", 64)));
    }

    [Fact]
    public void The_last_word_of_a_query_determines_the_rank()
    {
        SearchQuery.Parse("abc de").RankingWord.Should().Be("de");
        SearchQuery.Parse(" ").RankingWord.Should().BeNull();
    }

    [Fact]
    public void Among_equal_matches_library_comes_first_and_then_the_shorter_name()
    {
        string[] sorted = ["library/web", "web", "b/web", "B2/web", "a-b/web", "library2/web", "web.library/x"];
        var query = SearchQuery.Parse("web");
        sorted.Reverse().OrderBy(name => query.Rank(new(name))!.Value).Should().Equal(sorted);
        var every = SearchQuery.Parse("");
        sorted.OrderBy(name => every.Rank(new(name))!.Value).Should().Equal(sorted.Order(StringComparer.Ordinal), "without words only the names determine the order");
    }

    [Fact]
    public void A_query_may_have_256_code_points_and_8_words()
    {
        SearchQuery.Parse(new string('a', 256)).Words.Should().HaveCount(1);
        SearchQuery.Parse(string.Concat(Enumerable.Repeat("😀", 256))).Words.Should().HaveCount(1);
        SearchQuery.Parse("1 2 3 4 5 6 7 8").Words.Should().HaveCount(8);
        FluentActions.Invoking(() => SearchQuery.Parse(new string('a', 257))).Should().Throw<ArgumentException>().WithMessage("*257*256*");
        FluentActions.Invoking(() => SearchQuery.Parse("1 2 3 4 5 6 7 8 9")).Should().Throw<ArgumentException>().WithMessage("*9 words*8*");
        FluentActions.Invoking(() => SearchQuery.Parse("a\ud800")).Should().Throw<ArgumentException>().WithMessage("*surrogate*");
    }
}
