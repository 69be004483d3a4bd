using System.Text;
using RegistryIndex.Conformance.Model;

namespace RegistryIndex.Tests.Matching;

public sealed class ContinuationTests
{
    [Fact]
    public void A_decoded_continuation_equals_the_encoded_position()
    {
        var data = new RandomData(7);
        var repositories = Enumerable.Range(0, 200).Select(_ => data.Repository()).ToList();
        for (var i = 0; i < 2_000; i++)
        {
            var request = new SearchRequest(data.Query(repositories));
            foreach (var key in repositories.Select(request.Query.Rank).OfType<RankKey>().Take(5))
            {
                var continuation = request.ToPage([], key).Continuation;
                new SearchRequest(request.Query.ToString(), 3, continuation).After.Should().Be(key);
            }
        }
    }

    [Theory]
    [InlineData('n', 2_048)]
    [InlineData('日', 682)]
    [InlineData('Ⱥ', 1_024)] // takes two bytes, and three when it is folded
    [InlineData('Ⱥ', 9_500)]
    public void A_continuation_after_a_long_name_of_a_predecessor_is_accepted(char letter, int length)
    {
        var request = new SearchRequest($"{letter}");
        var key = request.Query.Rank(new(new string(letter, length)))!.Value;
        new SearchRequest($"{letter}", continuation: request.ToPage([], key).Continuation).After.Should().Be(key);
    }

    [Fact]
    public void A_damaged_or_forged_continuation_is_an_argument_error()
    {
        var request = new SearchRequest("web");
        var good = request.ToPage([], request.Query.Rank(new("team/web"))).Continuation!;
        _ = new SearchRequest(" WEB ", continuation: good);
        for (var i = 0; i < good.Length; i++)
        {
            var flipped = new StringBuilder(good) { [i] = good[i] == 'A' ? 'B' : 'A' }.ToString();
            if (flipped != good)
                ShouldRefuse("web", flipped);
            ShouldRefuse("web", good[..i]);
        }

        foreach (var nonsense in (string[])["25", "null", "{}", "AA==", "ü", " ", good + "A", new string('A', 10_000), new string('A', 100_000)])
            ShouldRefuse("web", nonsense);
    }

    [Theory]
    [InlineData("we")]
    [InlineData("webs")]
    [InlineData("web app")]
    [InlineData("")]
    public void A_continuation_belongs_to_its_query(string other)
    {
        var request = new SearchRequest("web");
        ShouldRefuse(other, request.ToPage([], request.Query.Rank(new("team/web"))).Continuation!);
    }

    [Theory]
    [InlineData(0, "", "a")]
    [InlineData(1, "other", "other")]
    [InlineData(2, "web", "app")]
    [InlineData(4, "web", "web")]
    [InlineData(3, "shop", "web")]
    public void A_position_that_no_result_can_have_is_refused_even_with_a_correct_digest(int tier, string text, string name) =>
        ShouldRefuse("web", new SearchRequest("web").ToPage([], new RankKey(tier, text, name)).Continuation!);

    [Fact]
    public void A_position_in_the_previous_order_is_refused_with_the_advice_to_start_again()
    {
        // From the first preview, for "web" after team/web. Its order was that of contract 4.1 to 4.4.
        const string former = "Acq0oUgSwMeBMXdlYgp0ZWFtL3dlYg";
        FluentActions.Invoking(() => new SearchRequest("web", 25, former)).Should().Throw<ArgumentException>().WithMessage("*start again without one*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    [InlineData(-1)]
    public void A_page_holds_1_to_100(int limit) =>
        FluentActions.Invoking(() => new SearchRequest("a", limit)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*1 to 100*");

    private static void ShouldRefuse(string query, string continuation) =>
        FluentActions.Invoking(() => new SearchRequest(query, 25, continuation)).Should().Throw<ArgumentException>("it was '{0}'", continuation).WithMessage("*continuation*");
}
