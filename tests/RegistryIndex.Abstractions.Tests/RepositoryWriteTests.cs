namespace RegistryIndex.Abstractions.Tests;

public sealed class RepositoryWriteTests
{
    [Theory]
    [InlineData("new", false, UpsertOutcome.Updated, "new")]
    [InlineData("old", false, UpsertOutcome.Unchanged, "old")]
    [InlineData("OLD", false, UpsertOutcome.Updated, "OLD")]
    [InlineData(null, false, UpsertOutcome.Updated, null)]
    [InlineData(null, true, UpsertOutcome.Unchanged, "old")]
    [InlineData(" ", true, UpsertOutcome.Unchanged, "old")]
    [InlineData("new", true, UpsertOutcome.Updated, "new")]
    public void A_write_of_equal_content_does_not_change_the_stored_repository(string? written, bool keepDescriptions, UpsertOutcome outcome, string? left)
    {
        var write = new Repository("app", written).WriteOver(new Repository("app", "old"), keepDescriptions);

        write.Should().Be(new RepositoryWrite(outcome, new("app", left)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_of_a_new_name_adds_the_repository(bool keepDescriptions) =>
        new Repository("app").WriteOver(null, keepDescriptions).Should().Be(new RepositoryWrite(UpsertOutcome.Added, new("app")));

    [Fact]
    public void Repositories_of_two_names_have_the_same_content_but_are_not_equal()
    {
        var (one, other) = (new Repository("app", "a text"), new Repository("App", "a text"));

        one.HasContentOf(other).Should().BeTrue();
        one.Should().NotBe(other);
        one.Should().Be(new Repository("app", "a text"));
    }

    [Fact]
    public void Import_results_can_be_added_and_subtracted()
    {
        var (first, both) = (new ImportResult { Added = 2, Refused = 1 }, new ImportResult { Added = 3, Updated = 4, Unchanged = 5, Refused = 1 });

        (both - first).Should().Be(new ImportResult { Added = 1, Updated = 4, Unchanged = 5 });
        (first + (both - first)).Should().Be(both);
        both.Total.Should().Be(13);
    }
}
