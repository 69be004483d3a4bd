namespace RegistryIndex.Registry.Tests;

public sealed class SpeakingTagTests
{
    [Theory]
    [InlineData("latest", "1.0", "latest", "99")]
    [InlineData("1.10", "1.9", "1.10", "1.2")]
    [InlineData("v2.0.0", "v1.99.99", "v2.0.0")]
    [InlineData("2.0", "2.0", "2")]
    [InlineData("1.00", "1.0", "1.00")]
    [InlineData("20261123", "20261122", "20261123", "20260101")]
    [InlineData("123456789012345678901234567890", "99999999999999999999999999999", "123456789012345678901234567890")]
    [InlineData("stable", "main", "stable", "dev")]
    [InlineData("only", "only")]
    public void Latest_speaks_for_a_repository_else_the_highest_in_whatever_order_they_are_listed(string speaks, params string[] tags)
    {
        tags.Aggregate((string?)null, SpeakingTag.Better).Should().Be(speaks);
        tags.Reverse().Aggregate((string?)null, SpeakingTag.Better).Should().Be(speaks);
    }
}
