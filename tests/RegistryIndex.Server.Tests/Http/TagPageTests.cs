using RegistryIndex.Server.Http;
using RegistryIndex.Sources;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>How a list of tags continues when it has changed since the last page.</summary>
public sealed class TagPageTests
{
    [Theory]
    [InlineData("abcd", 2, "abcd", "cd")]
    [InlineData("abcd", 2, "acd", "cd")] // the last one of the page is gone
    [InlineData("abcd", 2, "bcd", "cd")]
    [InlineData("abcd", 2, "cd", "cd")]
    [InlineData("abcde", 3, "de", "de")]
    [InlineData("abcd", 2, "abd", "d")] // the next one is gone
    [InlineData("abcd", 2, "xyabcd", "cd")]
    [InlineData("abcd", 2, "xyacd", "cd")]
    [InlineData("abcd", 2, "abxcd", "xcd")]
    [InlineData("abcd", 2, "abxd", "xd")]
    [InlineData("abcd", 2, "bacd", "acd")] // another order: rather shown again than never
    [InlineData("abcd", 2, "acdb", "cdb")]
    [InlineData("abcde", 2, "ade", "ade")] // both beside the end of the page are gone
    [InlineData("abcd", 2, "", "")]
    public void A_page_starts_where_the_last_one_ended(string before, int size, string after, string page)
    {
        var continuation = TagPage.Read(Tags(before), size, null)!.Continuation;
        Names(TagPage.Read(Tags(after), 100, continuation)!).Should().Be(page);
    }

    [Fact]
    public void No_tag_that_stays_is_left_out_whatever_else_is_pushed_and_deleted()
    {
        const string before = "abcdef";
        foreach (var kept in Enumerable.Range(1, (1 << before.Length) - 1))
        {
            for (var size = 1; size < before.Length; size++)
            {
                for (var place = -1; place <= before.Length; place++)
                {
                    var after = string.Concat(before.Select((tag, i) => $"{(i == place ? "x" : "")}{((kept >> i & 1) != 0 ? tag : "")}")) + (place == before.Length ? "x" : "");
                    var first = TagPage.Read(Tags(before), size, null)!;
                    var second = TagPage.Read(Tags(after), 100, first.Continuation)!;
                    (Names(first) + Names(second)).Should().ContainAll(after.Where(tag => tag != 'x').Select(tag => tag.ToString()), $"{before} became {after} after {size}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_continuations_of_any_words_lead_to_the_end(int size)
    {
        // What a registry may answer: also words that are no tags, halves of surrogate pairs, and one tag twice.
        ListedTag[] tags = [.. ((string[])["1.0", "", " ", "2 3", "12 ü", "\n", "\ud800", "\ud801", "7", "7", "7", "8"]).Select(name => new ListedTag(name))];
        var (read, continuation) = (new List<ListedTag>(), (string?)null);
        do
        {
            var page = TagPage.Read(tags, size, continuation)!;
            read.AddRange(page.Tags);
            continuation = page.Continuation;
        }
        while (continuation is not null && read.Count < 100);
        read.Distinct().Should().Equal(tags.Distinct());
    }

    [Theory]
    [InlineData("")]
    [InlineData("forged")]
    [InlineData("MiBi")] // 2 b in UTF-8
    [InlineData("IABiAA")] // no number
    [InlineData("LQAxACAAYgA")] // -1 b
    [InlineData("MgAgAGIA")] // 2 b: less than it says
    public void Other_text_is_no_continuation(string text)
    {
        TagPage.IsContinuation(text).Should().BeFalse();
        TagPage.Read(Tags("ab"), 1, text).Should().BeNull();
    }

    private static ListedTag[] Tags(string names) => [.. names.Select(name => new ListedTag(name.ToString()))];

    private static string Names(TagPage page) => string.Concat(page.Tags.Select(tag => tag.Name));
}
