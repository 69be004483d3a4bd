using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Conformance;

namespace RegistryIndex.Abstractions.Tests.Facts;

public sealed class PushOrderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_newest_push_comes_first_unknown_pushes_last_and_equal_ones_by_name()
    {
        Repository[] inOrder =
        [
            Pushed("z", DateTimeOffset.MaxValue), Pushed("y", Noon.AddMilliseconds(1)), Pushed("B", Noon), Pushed("a", Noon), Pushed("x", new(1981, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            new("A"), new("b", "text", new() { Tag = "1" }), new("c"),
        ];

        inOrder.Reverse().OrderBy(PushOrder.KeyOf).Should().Equal(inOrder);
        inOrder.Select(PushOrder.KeyOf).Select(PushOrder.PushedAt).Should().Equal(inOrder.Select(repository => repository.Facts?.PushedAt));
    }

    [Fact]
    public void Repositories_that_arrive_in_any_order_are_paged_by_push()
    {
        Repository[] all = [new("a"), Pushed("b", Noon), Pushed("c", Noon.AddDays(1)), new("d"), Pushed("e", Noon)];
        List<string> found = [];
        for (string? continuation = null; ;)
        {
            var best = new BestRanked(new(null, 2, continuation, SearchOrder.Pushed));
            foreach (var repository in all)
                best.Add(repository);
            var page = best.ToPage();
            found.AddRange(page.Repositories.Select(repository => repository.Name));
            if ((continuation = page.Continuation) is null)
                break;
        }

        found.Should().Equal("c", "b", "e", "a", "d");
    }

    [Fact]
    public void A_continuation_belongs_to_its_order()
    {
        var (pushed, named) = (new SearchRequest(null, order: SearchOrder.Pushed), new SearchRequest(null));
        var (byPush, byName) = (pushed.ToPage([], PushOrder.KeyOf(Pushed("a", Noon))).Continuation, named.ToPage([], named.Rank(new("a"))).Continuation);

        new SearchRequest(" ", continuation: byPush, order: SearchOrder.Pushed).After.Should().Be(PushOrder.KeyOf(Pushed("a", Noon)));
        ShouldRefuse(() => new SearchRequest(null, continuation: byPush), "*continuation*");
        ShouldRefuse(() => new SearchRequest("a", continuation: byPush), "*continuation*");
        ShouldRefuse(() => new SearchRequest(null, continuation: byName, order: SearchOrder.Pushed), "*continuation*");
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(0, "12345678901234")]
    [InlineData(0, "999999999999999")]
    [InlineData(0, "12345678901234x")]
    [InlineData(1, "unknown")]
    public void A_position_that_no_push_can_have_is_refused_even_with_a_correct_digest(int tier, string text)
    {
        var forged = new SearchRequest(null, order: SearchOrder.Pushed).ToPage([], new RankKey(tier, text, "a")).Continuation;
        ShouldRefuse(() => new SearchRequest(null, continuation: forged, order: SearchOrder.Pushed), "*continuation*");
    }

    [Fact]
    public void A_search_with_words_cannot_be_ordered_by_push() => ShouldRefuse(() => new SearchRequest("app", order: SearchOrder.Pushed), "*without words*");

    [Fact]
    public void A_search_by_push_is_refused_by_an_index_without_that_order_and_the_error_names_it()
    {
        var request = new SearchRequest(null, order: SearchOrder.Pushed);

        request.Invoking(refused => refused.ThrowIfRefusedBy(new Able(IndexCapabilities.Facts))).Should().Throw<ArgumentException>().WithMessage("*'able'*does not support the order by last push*");
        request.ThrowIfRefusedBy(new Able(IndexCapabilities.Facts | IndexCapabilities.OrderByPush));
        new SearchRequest("app").ThrowIfRefusedBy(new Able(IndexCapabilities.None));
    }

    [Fact]
    public async Task An_observed_index_has_the_capabilities_of_its_inner_index()
    {
        await using var services = new ServiceCollection().AddRegistryIndex(null, _ => new Able(IndexCapabilities.Facts)).BuildServiceProvider();

        services.GetRequiredService<IRegistryIndex>().Capabilities.Should().Be(IndexCapabilities.Facts);
    }

    private static Repository Pushed(string name, DateTimeOffset at) => new(name, null, new() { PushedAt = at });

    private static void ShouldRefuse(Func<object> action, string message) => action.Should().Throw<ArgumentException>().WithMessage(message);

    private sealed class Able(IndexCapabilities capabilities) : Testing.DelegatingIndex(new ReferenceIndex())
    {
        public override string Provider => "able";

        public override IndexCapabilities Capabilities => capabilities;
    }
}
