using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Continuations (contract 5.2 to 5.4, 5.6).</summary>
internal static class ContinuationCases
{
    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-continuation-is-bound-to-the-words-of-its-query", ["5.2"],
            "A continuation serves the same words in other spelling and any limit, with the words and not the text of the query.",
            "A client that changes its page size would have to begin again.",
            BoundAsync),
        new("a-damaged-or-foreign-continuation-is-refused", ["5.3", "7.1"],
            "A continuation that was damaged, made up, or given for other words is an ArgumentException.",
            "A mixed-up link would show a page of another search, or an attacker could read pages that are not theirs.",
            ForgedAsync),
        new("a-continuation-is-valid-on-every-provider", ["5.4"],
            "Pages begun on the reference index continue on the provider, and the other way round, for every kind of query.",
            "Behind a load balancer, or after a move to another provider, links to further pages would break.",
            OtherProviderAsync),
        new("a-continuation-outlives-writes", ["5.4", "5.6"],
            "A continuation holds its place when the repository it stands after is deleted, changed, or joined by others on both sides.",
            "A push at the wrong moment would make a page fail, or repeat the one before.",
            WritesAsync),
        new("a-continuation-works-in-another-process", ["5.4"],
            "A continuation given by one process is continued by another, also after the first has ended.",
            "Links would die with a restart, or need the same server each time.",
            OtherProcessAsync, Capability.SeveralProcesses),
    ];

    private static async Task BoundAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.FillAsync(index, CommonSteps.Many(12, "Steady Text")).ConfigureAwait(false);
        var continuation = await FirstAsync(run, index, "steady text", 3).ConfigureAwait(false);
        foreach (var query in (string[])["steady text", "STEADY  Text", " steady\ttext "])
        {
            foreach (var limit in (int[])[1, 3, 100])
            {
                var rest = await ResultPages.SomeAsync(index, query, limit, int.MaxValue, run.Cancellation, continuation).ConfigureAwait(false);
                Expect.Repositories(CommonSteps.Many(12, "Steady Text")[3..], rest, $"search {Show.Text(query)} with pages of {limit}, continued after three");
            }
        }
    }

    private static async Task ForgedAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.FillAsync(index, CommonSteps.Many(12, "steady text")).ConfigureAwait(false);
        var good = await FirstAsync(run, index, "steady", 3).ConfigureAwait(false);
        var others = new List<string> { await FirstAsync(run, index, "text", 3).ConfigureAwait(false), await FirstAsync(run, index, "r0", 3).ConfigureAwait(false), await FirstAsync(run, index, "", 3).ConfigureAwait(false), await FirstAsync(run, index, "text steady", 3).ConfigureAwait(false) };
        var damaged = Enumerable.Range(0, good.Length).Select(i => $"{good[..i]}{(good[i] == 'A' ? 'B' : 'A')}{good[(i + 1)..]}");
        foreach (var forged in (string[])["", " ", "3", "r0003", "AAAA", "!", "\ud83d", good[..^1], good[1..], good + "A", good + good, new('A', 5_000), .. others, .. damaged])
            await Expect.ThrowsAsync<ArgumentException>(() => index.SearchAsync(new("steady", 3, forged), run.Cancellation), $"search \"steady\" with the continuation {Show.Text(forged)}").ConfigureAwait(false);
        var rest = await ResultPages.SomeAsync(index, "steady", 3, int.MaxValue, run.Cancellation, good).ConfigureAwait(false);
        Expect.Repositories(CommonSteps.Many(12, "steady text")[3..], rest, "search \"steady\" with the real continuation");
    }

    private static async Task OtherProviderAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var reference = new ReferenceIndex(await PagingCases.MixedAsync(run, index).ConfigureAwait(false));
        foreach (var query in PagingCases.Queries)
        {
            var all = await ResultPages.AllAsync(reference, query, SearchRequest.MaxLimit, run.Cancellation).ConfigureAwait(false);
            foreach (var first in Enumerable.Range(1, Math.Max(0, all.Count - 1)))
            {
                await JoinsAsync(reference, index, query, first, all).ConfigureAwait(false);
                if (first % 4 == 1)
                    await JoinsAsync(index, reference, query, first, all).ConfigureAwait(false);
            }
        }

        async Task JoinsAsync(IRegistryIndex begun, IRegistryIndex continued, string query, int first, List<Repository> all)
        {
            var page = await begun.SearchAsync(new(query, first), run.Cancellation).ConfigureAwait(false);
            Expect.That(page.Continuation is not null, $"a continuation after {first} of {all.Count} for {Show.Text(query)}", "none");
            var rest = await ResultPages.SomeAsync(continued, query, SearchRequest.MaxLimit, int.MaxValue, run.Cancellation, page.Continuation).ConfigureAwait(false);
            Expect.Repositories([.. all.Skip(page.Repositories.Count)], rest, $"search {Show.Text(query)}, {page.Repositories.Count} on {begun.Provider} and the rest on {continued.Provider}");
        }
    }

    private static async Task WritesAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        foreach (var (query, description) in ((string, string)[])[("", "text"), ("r0", "text"), ("text", "text")])
        {
            var all = CommonSteps.Many(9, description);
            await index.ImportAsync(all.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
            var continuation = await FirstAsync(run, index, query, 3).ConfigureAwait(false);
            await run.StoreAsync(index, new("r00", description), new("r0002x", description), new("r0008x", description), new("q", description)).ConfigureAwait(false);
            Repository[] rest = query == description // equal keys, so the shorter names come first
                ? [.. all[3..], new("r0002x", description), new("r0008x", description)]
                : [new("r0002x", description), .. all[3..], new("r0008x", description)];
            await RestAsync("joined by others").ConfigureAwait(false);
            await run.StoreAsync(index, new Repository("r0002", "another")).ConfigureAwait(false);
            await RestAsync("of which the third has changed").ConfigureAwait(false);
            foreach (var name in (string[])["r0002", "r0000", "r00", "q"])
                await index.DeleteAsync(name, run.Cancellation).ConfigureAwait(false);
            await RestAsync("of which the first and third are gone").ConfigureAwait(false);
            foreach (var name in (string[])["r0002x", "r0008x"])
                await index.DeleteAsync(name, run.Cancellation).ConfigureAwait(false);

            async Task RestAsync(string what) => Expect.Repositories(
                rest,
                await ResultPages.SomeAsync(index, query, 2, int.MaxValue, run.Cancellation, continuation).ConfigureAwait(false),
                $"search {Show.Text(query)}, continued after three, {what}");
        }
    }

    private static async Task OtherProcessAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.FillAsync(index, CommonSteps.Many(12, "steady")).ConfigureAwait(false);
        foreach (var query in (string[])["", "r0", "steady"])
        {
            var continuation = await FirstAsync(run, index, query, 3).ConfigureAwait(false);
            var other = await run.OpenAsync().ConfigureAwait(false);
            var rest = await ResultPages.SomeAsync(other, query, 4, int.MaxValue, run.Cancellation, continuation).ConfigureAwait(false);
            Expect.Repositories(CommonSteps.Many(12, "steady")[3..], rest, $"search {Show.Text(query)}, continued in another process");
        }
    }

    // Returns the continuation after the given number of repositories. A page may be short (5.5); then the next page is asked for the rest.
    private static async Task<string> FirstAsync(CaseRun run, IRegistryIndex index, string query, int count)
    {
        string? continuation = null;
        for (var left = count; left > 0;)
        {
            var page = await index.SearchAsync(new(query, left, continuation), run.Cancellation).ConfigureAwait(false);
            left -= page.Repositories.Count;
            continuation = page.Continuation ?? throw new ExpectationException($"a continuation after {count} for {Show.Text(query)}", $"none, {left} before that");
        }

        return continuation!;
    }
}
