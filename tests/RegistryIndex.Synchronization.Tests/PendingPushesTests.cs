using RegistryIndex.Sources;
using RegistryIndex.Synchronization.Following;

namespace RegistryIndex.Synchronization.Tests;

public sealed class PendingPushesTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_last_push_is_the_latest_in_time()
    {
        PendingPushes.None.With(new("a", At: Time)).With(new("b", At: Time.AddSeconds(-1))).With(new("c")).Last.Should().Be(Time);
        PendingPushes.None.With(new("a", At: Time)).WithoutTags().Last.Should().Be(Time);
    }

    [Theory]
    [InlineData("latest", "sha256:new", true)]
    [InlineData("latest", "sha256:old", false)]
    [InlineData("latest", null, true)]
    [InlineData("1.0", "sha256:other", true)]
    [InlineData("1.0", "sha256:old", false)]
    [InlineData("0.9", "sha256:not-read", true)]
    [InlineData("2.0", "sha256:new", false)]
    public void A_push_is_found_where_its_tag_has_its_image(string tag, string? digest, bool isIn)
    {
        var facts = new RepositoryFacts { Tag = "latest", Digest = "sha256:new", OtherImages = ["1.0@sha256:other"] };
        var found = new StoredRepository(new("app", facts: facts), "app", Problem: null) { Tags = ["latest", "1.0", "0.9"] };
        PendingPushes.None.With(new(tag, digest)).AreIn(found).Should().Be(isIn);
        PendingPushes.None.With(new(tag, digest)).AreIn(found with { Tags = null }).Should().BeTrue("the source does not say its tags");
        PendingPushes.None.With(new(tag, digest)).AreIn(null).Should().BeFalse();
    }

    [Fact]
    public void A_tag_whose_image_could_not_be_read_is_not_found()
    {
        var found = new StoredRepository(new("app"), "app", "The description of tag 'latest' cannot be read.") { Tags = ["latest"] };
        PendingPushes.None.With(new("latest")).AreIn(found).Should().BeFalse();
        PendingPushes.None.AreIn(found).Should().BeTrue("nothing was pushed");
    }

    [Fact]
    public void Only_the_last_push_of_a_tag_and_the_last_tags_are_looked_for()
    {
        var found = new StoredRepository(new("app", facts: new() { Tag = "1", Digest = "sha256:b" }), "app", Problem: null) { Tags = [.. Enumerable.Range(1, 16).Select(i => $"{i}")] };
        PendingPushes.None.With(new("1", "sha256:a")).With(new("1", "sha256:b")).AreIn(found).Should().BeTrue();

        var pushes = PendingPushes.None.With(new("gone"));
        for (var i = 2; i <= 16; i++)
            pushes = pushes.With(new($"{i}"));
        pushes.AreIn(found).Should().BeFalse();
        pushes.With(new("1")).AreIn(found).Should().BeTrue("the first of 17 tags is not looked for any more");
    }
}
