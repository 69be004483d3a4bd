using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>The order of the last push (contract 8.10 to 8.12).</summary>
internal static class PushOrderCases
{
    private static readonly DateTimeOffset Noon = FactsCases.Noon;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("the-last-push-comes-first", ["8.10"],
            "In the order of the last push, the newest comes first, repositories without a push come last, and equal ones are in name order.",
            "Users who look for the newest repositories would see others.",
            OrderAsync),
        new("pages-in-the-order-of-the-last-push-join", ["8.10", "8.11", "5.1"],
            "Pages in the order of the last push, of all sizes, hold every repository once, and their continuations are for that order alone.",
            "People who turn pages would miss repositories or see some twice.",
            PagesAsync),
        new("a-push-moves-its-repository-to-the-front", ["8.10", "8.12", "5.6"],
            "A push moves its repository to the front, a delete removes it, and between two pages neither hides nor repeats another.",
            "A repository would be at the position of an earlier push, or be listed after its deletion.",
            MovesAsync),
    ];

    private static Task<IRegistryIndex> OpenAsync(CaseRun run) => FactsCases.OpenAsync(run, IndexCapabilities.OrderByPush);

    private static Repository Pushed(string name, DateTimeOffset? at) => FactsCases.Pushed(name, at);

    private static Task<List<Repository>> PushedAsync(CaseRun run, IRegistryIndex index, int limit = SearchRequest.DefaultLimit) =>
        ResultPages.AllAsync(index, "", limit, run.Cancellation, SearchOrder.Pushed);

    private static async Task OrderAsync(CaseRun run)
    {
        var index = await OpenAsync(run).ConfigureAwait(false);
        Repository[] inOrder =
        [
            Pushed("z/far", DateTimeOffset.MaxValue), Pushed("y", Noon.AddDays(1)), Pushed("x", Noon.AddMilliseconds(1)), Pushed("A", Noon), Pushed("a", Noon), Pushed("a-b", Noon), Pushed("a/b", Noon),
            Pushed("w", Noon.AddMilliseconds(-1)), Pushed("v", new(2001, 9, 9, 1, 46, 40, TimeSpan.Zero)), Pushed("u", new(1981, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            new("B"), Pushed("b", null), new("c", "text"), Pushed("zz", null),
        ];
        await run.StoreAsync(index, inOrder.OrderByDescending(repository => repository.Name, CodePointOrder.Comparer)).ConfigureAwait(false);
        Expect.Repositories(inOrder, await PushedAsync(run, index).ConfigureAwait(false), "search in the order of the last push");
    }

    private static async Task PagesAsync(CaseRun run)
    {
        var index = await OpenAsync(run).ConfigureAwait(false);
        Repository[] all = [.. Enumerable.Range(0, 60).Select(i => i % 5 == 0 ? new Repository($"bare/{i}", "text") : Pushed($"r{i}", i % 5 == 1 ? null : Noon.AddSeconds(i % 7)))];
        await run.FillAsync(index, all).ConfigureAwait(false);
        Repository[] inOrder = [.. all.OrderBy(PushOrder.KeyOf)];
        foreach (var limit in (int[])[1, 2, 7, 59, 60, 61, 100])
        {
            Expect.Repositories(inOrder, await PushedAsync(run, index, limit).ConfigureAwait(false), $"search in the order of the last push with pages of {limit}");
        }

        foreach (var place in (int[])[0, 5, 30, 58])
        {
            var continuation = new SearchRequest("", order: SearchOrder.Pushed).ToPage([], PushOrder.KeyOf(inOrder[place])).Continuation;
            var rest = ResultPages.SomeAsync(index, "", 25, int.MaxValue, run.Cancellation, continuation, SearchOrder.Pushed);
            Expect.Repositories(inOrder[(place + 1)..], await rest.ConfigureAwait(false), $"what comes after {place + 1}, by another provider's continuation");
        }

        var (byPush, byName) = (await index.SearchAsync(new("", 5, order: SearchOrder.Pushed), run.Cancellation).ConfigureAwait(false), await index.SearchAsync(new("", 5), run.Cancellation).ConfigureAwait(false));
        await Expect.ThrowsAsync<ArgumentException>(async () => await index.SearchAsync(new("", 5, byPush.Continuation), run.Cancellation).ConfigureAwait(false), "a continuation by push in the order of names").ConfigureAwait(false);
        await Expect.ThrowsAsync<ArgumentException>(async () => await index.SearchAsync(new("", 5, byName.Continuation, SearchOrder.Pushed), run.Cancellation).ConfigureAwait(false), "a continuation by name in the order of the last push").ConfigureAwait(false);
    }

    private static async Task MovesAsync(CaseRun run)
    {
        var index = await OpenAsync(run).ConfigureAwait(false);
        Repository[] steady = [.. Enumerable.Range(0, 20).Select(i => Pushed($"steady/{i:d2}", i % 4 == 3 ? null : Noon.AddDays(-i)))];
        await run.FillAsync(index, [.. steady, .. Enumerable.Range(0, 10).Select(i => Pushed($"moves/{i}", Noon.AddDays(-2 * i).AddHours(1)))]).ConfigureAwait(false);
        List<Repository> seen = [];
        string? continuation = null;
        for (var round = 0; round == 0 || continuation is not null; round++)
        {
            var page = await index.SearchAsync(new("", 3, continuation, SearchOrder.Pushed), run.Cancellation).ConfigureAwait(false);
            seen.AddRange(page.Repositories.Where(repository => repository.Name.StartsWith("steady/", StringComparison.Ordinal)));
            continuation = page.Continuation;
            var name = $"moves/{round % 10}";
            if (round % 3 == 2)
                await index.DeleteAsync(name, run.Cancellation).ConfigureAwait(false);
            else
                await run.StoreAsync(index, Pushed(name, Noon.AddDays(round))).ConfigureAwait(false);
        }

        Expect.Repositories([.. steady.OrderBy(PushOrder.KeyOf)], seen, "repositories without a push, over the pages");
        var list = await run.ListAsync(index).ConfigureAwait(false);
        Expect.Repositories([.. list.OrderBy(PushOrder.KeyOf)], await PushedAsync(run, index).ConfigureAwait(false), "search in the order of the last push, afterwards");
        foreach (var repository in list)
            await index.DeleteAsync(repository.Name, run.Cancellation).ConfigureAwait(false);
        Expect.Repositories([], await PushedAsync(run, index).ConfigureAwait(false), "search in the order of the last push when all are deleted");
        await run.StoreAsync(index, new("steady/00"), Pushed("steady/01", Noon.AddYears(-1))).ConfigureAwait(false);
        Expect.Repositories([Pushed("steady/01", Noon.AddYears(-1)), new("steady/00")], await PushedAsync(run, index).ConfigureAwait(false), "search in the order of the last push when two are added again");
    }
}
