namespace RegistryIndex.Abstractions.Tests.Facts;

public sealed class StoredFactsTests
{
    [Fact]
    public void Each_text_is_read_as_its_own_facts_however_many_were_read_before()
    {
        var tags = Enumerable.Range(0, 5_000).Select(i => $"1.{i}").ToArray();
        for (var round = 0; round < 3; round++)
        {
            new Random(round).Shuffle(tags);
            foreach (var tag in tags)
                StoredFacts.Read(new RepositoryFacts { Tag = tag }.ToJson())!.Tag.Should().Be(tag);
        }
    }

    [Fact]
    public void Text_that_was_read_before_is_not_read_again()
    {
        var json = FactsTests.All.ToJson();
        StoredFacts.Read(json).Should().BeSameAs(StoredFacts.Read(new string(json.AsSpan())));
        var padded = new RepositoryFacts { Title = "a" }.ToJson().PadRight(RepositoryFacts.MaxJsonBytes + 1);
        StoredFacts.Read(padded).Should().NotBeSameAs(StoredFacts.Read(padded)).And.Be(new RepositoryFacts { Title = "a" });
    }

    [Theory]
    [InlineData("""{"tag":7}""")]
    [InlineData("{}")]
    [InlineData("")]
    public void Text_that_has_no_facts_is_read_as_none(string json) => StoredFacts.Read(json).Should().BeNull();
}
