namespace RegistryIndex.Abstractions.Tests.Facts;

/// <summary>What a write does to stored facts (contract 8.6 to 8.9).</summary>
public sealed class FactsWriteTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RepositoryFacts Stored = new() { Tag = "1.0", Digest = "sha256:1", PushedAt = Noon };
    private static readonly RepositoryFacts Written = new() { Tag = "2.0", Title = "new" };

    [Fact]
    public void A_write_without_facts_does_not_change_stored_facts() =>
        new Repository("app", "text").WriteOver(new("app", "text", Stored)).Should().Be(new RepositoryWrite(UpsertOutcome.Unchanged, new("app", "text", Stored)));

    [Fact]
    public void A_write_of_a_description_without_facts_keeps_the_stored_facts() =>
        new Repository("app", "new").WriteOver(new("app", "old", Stored)).Should().Be(new RepositoryWrite(UpsertOutcome.Updated, new("app", "new", Stored)));

    [Fact]
    public void New_facts_replace_all_stored_facts_except_a_later_push_time()
    {
        Over(Written).Should().Be(new RepositoryWrite(UpsertOutcome.Updated, new("app", "text", Written with { PushedAt = Noon })));
        Over(Written with { PushedAt = Noon.AddHours(-1) }).Result.Facts!.PushedAt.Should().Be(Noon);
        Over(Written with { PushedAt = Noon.AddHours(1) }).Result.Facts!.PushedAt.Should().Be(Noon.AddHours(1));
    }

    [Fact]
    public void Facts_equal_to_the_stored_ones_are_no_change()
    {
        Over(Stored).Outcome.Should().Be(UpsertOutcome.Unchanged);
        Over(Stored with { PushedAt = null }).Outcome.Should().Be(UpsertOutcome.Unchanged);
        Over(Stored with { PushedAt = Noon.AddHours(-1) }).Outcome.Should().Be(UpsertOutcome.Unchanged);
        Over(Stored with { PushedAt = Noon.AddTicks(1) }).Outcome.Should().Be(UpsertOutcome.Unchanged);
        Over(Stored with { PushedAt = Noon.AddMilliseconds(1) }).Outcome.Should().Be(UpsertOutcome.Updated);
    }

    [Fact]
    public void A_write_that_keeps_descriptions_still_stores_facts()
    {
        var write = new Repository("app", null, Written).WriteOver(new("app", "text", Stored), keepDescriptions: true);

        write.Should().Be(new RepositoryWrite(UpsertOutcome.Updated, new("app", "text", Written with { PushedAt = Noon })));
        new Repository("app", null, Stored).WriteOver(new("app", "text", Stored), keepDescriptions: true).Outcome.Should().Be(UpsertOutcome.Unchanged);
    }

    [Fact]
    public void A_difference_in_facts_is_a_difference_in_content()
    {
        var (with, without) = (new Repository("app", "text", Stored), new Repository("app", "text"));

        with.HasContentOf(without).Should().BeFalse();
        with.Should().NotBe(without);
        with.Should().Be(new Repository("app", "text", Stored with { }));
        with.WriteOver(without).Should().Be(new RepositoryWrite(UpsertOutcome.Updated, with));
    }

    [Theory]
    [InlineData(IndexCapabilities.None, false)]
    [InlineData(IndexCapabilities.OrderByPush, false)]
    [InlineData(IndexCapabilities.Facts, true)]
    [InlineData(IndexCapabilities.Facts | IndexCapabilities.OrderByPush, true)]
    public void An_index_without_facts_stores_the_rest(IndexCapabilities capabilities, bool keeps) =>
        new Repository("app", "text", Stored).KeptBy(capabilities).Should().Be(new Repository("app", "text", keeps ? Stored : null));

    private static RepositoryWrite Over(RepositoryFacts facts) => new Repository("app", "text", facts).WriteOver(new("app", "text", Stored));
}
