using RegistryIndex.Migration.Comparing;

namespace RegistryIndex.Migration.Tests.Comparing;

public sealed class PageDifferenceTests
{
    [Theory]
    [InlineData("a b c", "a b c", "")]
    [InlineData("a b c", "a c", "b")]
    [InlineData("a c", "a b c", "b")]
    [InlineData("a b c…", "a b…", "", "the second page ends before c")]
    [InlineData("a b c…", "a c…", "b")]
    [InlineData("b a c", "a b c", "a b", "the order counts")]
    [InlineData("a b c d…", "b c d e…", "a", "one more before moves the last to the next page")]
    [InlineData("a b=x", "a b=y", "b", "the description counts")]
    public void Pages_differ_in_repositories_that_the_other_page_should_contain(string left, string right, string names, string because = "") =>
        PageDifference.Find(SearchQuery.Parse(""), Page(left), Page(right)).Order().Should().Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), because);

    private static SearchPage Page(string text) => new(
        [.. text.TrimEnd('…').Split(' ').Select(part => new Repository(part.Split('=')[0], part.Split('=').ElementAtOrDefault(1)))], text.EndsWith('…') ? "more" : null);
}
