using System.Text;
using RegistryIndex.Server.Events;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Tests.Events;

public sealed class EventReaderTests
{
    [Theory]
    [InlineData("""{"action":"push","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","repository":"a/b","tag":"x"}}""", RepositoryNotice.Pushed)]
    [InlineData("""{"action":"push","target":{"mediaType":"application/vnd.oci.image.index.v1+json","repository":"a/b"}}""", RepositoryNotice.Pushed)]
    [InlineData("""{"action":"push","target":{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","repository":"a/b"}}""", RepositoryNotice.Pushed)]
    [InlineData("""{"action":"push","target":{"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","repository":"a/b"}}""", RepositoryNotice.Pushed)]
    [InlineData("""{"action":"push","target":{"mediaType":"application/vnd.docker.distribution.manifest.v1+prettyjws","repository":"a/b"}}""", RepositoryNotice.Pushed)]
    [InlineData("""{"action":"mount","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","repository":"a/b"}}""", RepositoryNotice.Pushed)]
    [InlineData("""{"action":"delete","target":{"repository":"a/b","digest":"sha256:0"}}""", RepositoryNotice.Changed)]
    [InlineData("""{"action":"delete","target":{"repository":"a/b","tag":"x"}}""", RepositoryNotice.Changed)]
    [InlineData("""{"action":"delete","target":{"repository":"a/b"}}""", RepositoryNotice.Deleted)]
    public void Events_that_may_change_a_repository_are_read(string text, object hint) =>
        Read($$"""{"events":[{{text}}]}""").Select(read => read with { Push = null }).Should().Equal(new RegistryEvent(EventOutcome.Noted, "a/b", (RepositoryNotice)hint));

    [Theory]
    [InlineData("""{"action":"pull","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","repository":"a","tag":"x"}}""")]
    [InlineData("""{"action":"push","target":{"mediaType":"application/octet-stream","repository":"a"}}""")]
    [InlineData("""{"action":"mount","target":{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","repository":"a"}}""")]
    [InlineData("""{"action":"push","target":{"mediaType":"application/vnd.oci.image.config.v1+json","repository":"a"}}""")]
    [InlineData("""{"action":"explode","target":{"repository":"a"}}""")]
    [InlineData("""{"action":7,"target":{"repository":"a"}}""")]
    [InlineData("""{"action":"delete","target":{"repository":["a"]}}""")]
    [InlineData("""{"action":"delete","target":"a"}""")]
    [InlineData("""{"action":"delete"}""")]
    [InlineData("""{"action":"delete","target":{"repository":"\ud83d"}}""")]
    [InlineData("""{"\ud83d":1,"action":"pull"}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"delete\"")]
    public void Events_of_blobs_pulls_and_unknown_kinds_are_ignored_and_others_are_read(string text) =>
        Read($$$"""{"events":[{{{text}}},{"action":"delete","target":{"repository":"b"}}]}""").Select(read => read.Outcome).Should().Equal(EventOutcome.Ignored, EventOutcome.Noted);

    [Theory]
    [InlineData("\"2026-11-28T12:00:00Z\"", true)]
    [InlineData("\"\\ud800aaaaaa\"", false)]
    [InlineData("\"yesterday\"", false)]
    [InlineData("7", false)]
    public void A_push_counts_whatever_its_time_is(string timestamp, bool isTime)
    {
        var read = Read($$$"""{"events":[{"action":"push","timestamp":{{{timestamp}}},"target":{"repository":"a/b","tag":"x"}}]}""").Single();
        read.Should().Be(new RegistryEvent(EventOutcome.Noted, "a/b", RepositoryNotice.Pushed, Push: new RepositoryPush("x", At: isTime ? new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero) : null)));
    }

    [Theory]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a b")]
    [InlineData("\\u0000")]
    public void An_invalid_name_is_ignored(string name) =>
        Read($$$"""{"events":[{"action":"delete","target":{"repository":"{{{name}}}"}}]}""").Single().Outcome.Should().Be(EventOutcome.NoSuchName);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"events":{}}""")]
    [InlineData("""{"events":[{"action":"pu""")]
    [InlineData("""{"\ud83d":[]}""")]
    public void A_body_that_is_not_an_envelope_is_refused_in_one_sentence(string text) =>
        FluentActions.Invoking(() => Read(text)).Should().Throw<FormatException>().Which.Message.Should().StartWith("The body ").And.EndWith(".");

    [Fact]
    public void A_too_deeply_nested_body_is_refused_in_one_sentence() =>
        FluentActions.Invoking(() => Read(new string('[', 100_000))).Should().Throw<FormatException>();

    private static IReadOnlyList<RegistryEvent> Read(string text) => EventReader.Read(Encoding.UTF8.GetBytes(text));
}
