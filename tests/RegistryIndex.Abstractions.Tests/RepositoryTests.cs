namespace RegistryIndex.Tests;

public sealed class RepositoryTests
{
    [Theory]
    [InlineData("ubuntu")]
    [InlineData("library/ubuntu")]
    [InlineData("Team/App/Web-1.0__x--y..z")]
    [InlineData("0")]
    public void Valid_names_are_accepted(string name) => RepositoryName.FindProblem(name).Should().BeNull();

    [Theory]
    [InlineData("", "empty")]
    [InlineData("/a", "empty path segment")]
    [InlineData("a/", "empty path segment")]
    [InlineData("a//b", "empty path segment")]
    [InlineData("-a", "start and end")]
    [InlineData("a.", "start and end")]
    [InlineData("a/_b", "start and end")]
    [InlineData("a b", "character ' '")]
    [InlineData("a\nb", "character '\\u000a'")]
    [InlineData("aüb", "character 'ü'")]
    [InlineData("a\u202eb", "character '\\u202e'")]
    [InlineData("a\u200fb", "character '\\u200f'")]
    [InlineData("a:b", "character ':'")]
    public void Invalid_names_are_refused_with_a_reason_of_one_line_that_contains_the_name(string name, string reason) =>
        RepositoryName.FindProblem(name).Should().Contain(reason).And.NotContain("\n");

    [Fact]
    public void A_name_has_at_most_255_characters()
    {
        RepositoryName.FindProblem(new string('a', 255)).Should().BeNull();
        RepositoryName.FindProblem(new string('a', 256)).Should().Contain("256").And.Contain("255");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\u3000\u0000")]
    public void Null_empty_and_blank_are_no_description(string? description)
    {
        new Repository("a", description).Description.Should().BeNull();
        new Repository("a", description).Should().Be(new Repository("a"));
        RepositoryDescription.FromIngest(description).Should().BeNull();
    }

    [Fact]
    public void A_description_of_350_code_points_is_accepted_and_a_longer_one_refused()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 350));
        new Repository("a", longest).FindProblem().Should().BeNull();
        new Repository("a", longest + "x").FindProblem().Should().Contain("'a'").And.Contain("351");
        FluentActions.Invoking(() => new Repository("a", longest + "x").ThrowIfRefused()).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Ingest_cuts_at_a_code_point_and_marks_the_cut()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 350));
        RepositoryDescription.FromIngest(longest).Should().Be(longest);
        RepositoryDescription.FromIngest(longest + "x").Should().Be(string.Concat(Enumerable.Repeat("😀", 349)) + "…");
    }

    [Fact]
    public void An_unpaired_surrogate_is_replaced_on_ingest_and_refused_by_providers()
    {
        RepositoryDescription.FromIngest("a\ud800b").Should().Be("a\ufffdb");
        new Repository("a", "x\udc00").FindProblem().Should().Contain("surrogate at character 1");
    }
}
