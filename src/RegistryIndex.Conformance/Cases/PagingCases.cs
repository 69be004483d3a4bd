using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Pages, and their content during concurrent writes (contract 5.1, 5.2, 5.5 to 5.10).</summary>
internal static class PagingCases
{
    internal static readonly string[] Queries = ["", "web", "we", "w", "text", "web text", "of web", "日"];

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-page-holds-at-most-its-limit", ["5.1"],
            "A page holds at most as many as asked for, from 1 to 100: the best ones that there are.",
            "A client that asked for 5 would draw 25, or page through many small answers.",
            LimitAsync),
        new("a-limit-out-of-range-is-an-argument-error", ["5.1", "7.1"],
            "A limit under 1 or over 100 is an ArgumentException, and the index continues to answer.",
            "One request could ask for everything at once.",
            BadLimitAsync),
        new("pages-join-without-a-seam", ["5.2"],
            "Pages of any size give together what one large page gives: nothing lost or repeated at their borders.",
            "People who turn the page would miss a repository, or see one twice.",
            SeamAsync),
        new("a-page-without-a-continuation-is-the-last", ["5.2"],
            "While something follows there is a continuation, and a walk over the pages ends.",
            "Clients would stop too early, or go on for ever.",
            LastAsync),
        new("several-words-are-walked-to-the-end", ["5.5", "3.3"],
            "A search for several common words that seldom occur together finds all of them in the end; pages may be short, but go on.",
            "A provider that stops when its budget is spent would hide what comes after.",
            SeveralWordsAsync),
        new("pages-miss-and-repeat-nothing-while-others-write", ["5.6", "5.9"],
            "Repositories that do not change are neither missed nor repeated over the pages while others are added and deleted, and no page has one twice.",
            "Under load every search would be a little wrong.",
            ChurnAsync),
        new("a-page-shows-repositories-as-they-are-stored", ["5.10", "1.3"],
            "A page shows names and descriptions character for character as they were written, and not as they are folded.",
            "People would read all in lower case, and a client would pull a name that there is not.",
            AsStoredAsync),
        new("a-search-sees-a-write-at-once", ["5.7"],
            "After an upsert, an update, a delete or an import returns, searches show it: the new text is found, the old one is not.",
            "Users would push, search, and not find the repository, or find deleted ones.",
            VisibleAsync),
        new("another-process-sees-a-write", ["5.7", "2.12"],
            "What one process has written, another sees.",
            "The server would not notice what a command beside it has imported.",
            VisibleElsewhereAsync, Capability.SeveralProcesses),
        new("a-session-changes-nothing-of-what-is-found", ["5.8", "5.5"],
            "The pages of one session contain together what they contain without a session, also if another search shares it; when it is exhausted, the search continues from the continuation.",
            "A request that asks for much at once would miss what comes after, or show it twice.",
            SessionAsync),
    ];

    private static async Task AsStoredAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        Repository[] rows = [new("Team/App-One", "  The SHOP's\tFront  End\n"), new("team/app-Two", "STRASSE, Straße, Ünï \u00a0 cafe\u0301"), new("x/app", "ΣΊΣΥΦΟΣ 😀 \u200b shop ")];
        await run.StoreAsync(index, rows).ConfigureAwait(false);
        foreach (var query in (string[])["app", "APP", "shop", "σίσυφοσ", "straße", "end", "front end", "é"])
        {
            foreach (var limit in (int[])[1, SearchRequest.DefaultLimit])
            {
                var expected = await ResultPages.AllAsync(new ReferenceIndex(rows), query, limit, run.Cancellation).ConfigureAwait(false);
                Expect.Repositories(expected, await ResultPages.AllAsync(index, query, limit, run.Cancellation).ConfigureAwait(false), $"search {Show.Text(query)}");
            }
        }
    }

    private static async Task LimitAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var all = CommonSteps.Many(130, "steady");
        await run.FillAsync(index, all).ConfigureAwait(false);
        foreach (var query in (string[])["", "r0", "steady"])
            Expect.Equal(all.Length, (await ResultPages.AllAsync(index, query, SearchRequest.MaxLimit, run.Cancellation).ConfigureAwait(false)).Count, $"how many are found for {Show.Text(query)} with pages of {SearchRequest.MaxLimit}");
        foreach (var limit in (int[])[1, 2, 3, 10, 24, 25, 26, 99, 100])
        {
            foreach (var query in (string[])["", "r0", "steady"])
            {
                var page = await index.SearchAsync(new(query, limit), run.Cancellation).ConfigureAwait(false);
                Expect.That(page.Repositories.Count <= limit, $"at most {limit} for {Show.Text(query)}", $"{page.Repositories.Count}");
                var expected = query == "r0" ? all.Where(repository => repository.Name.StartsWith("r0", StringComparison.Ordinal)) : all;
                Expect.Repositories([.. expected.Take(page.Repositories.Count)], page.Repositories, $"the first page of {limit} for {Show.Text(query)}");
                var some = await ResultPages.SomeAsync(index, query, limit, limit, run.Cancellation).ConfigureAwait(false);
                Expect.Repositories([.. expected.Take(Math.Max(limit, some.Count))], some, $"as many pages of {limit} for {Show.Text(query)} as hold {limit}");
            }
        }
    }

    private static async Task BadLimitAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("app", "a text")).ConfigureAwait(false);
        foreach (var limit in (int[])[0, -1, 101, int.MinValue, int.MaxValue])
        {
            await Expect.ThrowsAsync<ArgumentException>(() => index.SearchAsync(new("text", limit), run.Cancellation), $"search with limit {limit}").ConfigureAwait(false);
            await run.FindsAsync(index, "text", "app").ConfigureAwait(false);
        }
    }

    private static async Task SeamAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var data = await MixedAsync(run, index).ConfigureAwait(false);
        var reference = new ReferenceIndex(data);
        foreach (var query in Queries)
        {
            var all = await ResultPages.AllAsync(reference, query, SearchRequest.MaxLimit, run.Cancellation).ConfigureAwait(false);
            foreach (var limit in (int[])[1, 2, 3, 7, all.Count - 1, all.Count, all.Count + 1])
            {
                if (limit >= 1)
                    Expect.Repositories(all, await ResultPages.AllAsync(index, query, limit, run.Cancellation).ConfigureAwait(false), $"search {Show.Text(query)} with pages of {limit}");
            }
        }
    }

    private static async Task LastAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.FillAsync(index, CommonSteps.Many(12, "steady")).ConfigureAwait(false);
        foreach (var query in (string[])["", "r0", "steady"])
        {
            foreach (var limit in (int[])[3, 4, 5, 11, 12])
            {
                var (left, pages) = (12, 0);
                string? continuation = null;
                do
                {
                    var page = await index.SearchAsync(new(query, limit, continuation), run.Cancellation).ConfigureAwait(false);
                    left -= page.Repositories.Count;
                    continuation = page.Continuation;
                    Expect.That(continuation is not null || left == 0, $"a continuation while {left} repositories follow ({Show.Text(query)}, pages of {limit})", "none");
                    Expect.That(++pages < 100, $"an end of the search for {Show.Text(query)}", $"{pages} pages");
                }
                while (continuation is not null);
            }
        }

        var nothing = await index.SearchAsync(new("nothing like it"), run.Cancellation).ConfigureAwait(false);
        Expect.That(nothing.Repositories.Count == 0, "nothing", Show.Repositories(nothing.Repositories));
    }

    private static async Task SeveralWordsAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var repositories = Enumerable.Range(0, 240).Select(i => new Repository($"r{i:d3}", (i % 80) switch { 79 => "left right", < 40 => "left", _ => "right" })).ToList();
        await run.FillAsync(index, repositories).ConfigureAwait(false);
        foreach (var limit in (int[])[1, 2, 25])
        {
            foreach (var query in (string[])["left right", "right left", "ef ig", "r left right"])
            {
                var found = await ResultPages.AllAsync(index, query, limit, run.Cancellation).ConfigureAwait(false);
                Expect.Names(["r079", "r159", "r239"], [.. found.Select(repository => repository.Name)], $"search {Show.Text(query)} with pages of {limit}");
            }
        }
    }

    private static async Task ChurnAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var steady = Enumerable.Range(0, 120).Select(i => new Repository($"stay/{i:d3}", "steady")).ToArray();
        await run.FillAsync(index, steady).ConfigureAwait(false);
        var other = run.Can(Capability.SeveralProcesses) ? await run.OpenAsync().ConfigureAwait(false) : index;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var churn = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await other.UpsertAsync(new($"stay/{i * 37 % 120:d3}-x", i % 2 == 0 ? "steady" : "other"), run.Cancellation).ConfigureAwait(false);
                await other.DeleteAsync($"stay/{i * 91 % 120:d3}-x", run.Cancellation).ConfigureAwait(false);
                if (i == 10)
                    begun.SetResult();
            }
        }, run.Cancellation);
        try
        {
            // Even on a busy machine, some repositories have been added and deleted by then, and some exist.
            await Task.WhenAny(begun.Task, churn).ConfigureAwait(false);
            for (var round = 0; round < 3; round++)
            {
                foreach (var query in (string[])["stay", "steady", "", "steady stay"])
                {
                    var found = await ResultPages.AllAsync(index, query, 7, run.Cancellation).ConfigureAwait(false);
                    Expect.Repositories(steady, [.. found.Where(repository => !repository.Name.EndsWith("-x", StringComparison.Ordinal))], $"what stayed, in pages of 7 of the search {Show.Text(query)} while another wrote");
                }

                var listed = await run.ListAsync(index).ConfigureAwait(false);
                Expect.Repositories(steady, [.. listed.Where(repository => !repository.Name.EndsWith("-x", StringComparison.Ordinal))], "what stayed, in a list while another wrote");
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await churn.ConfigureAwait(false);
        }

        await run.AgreesWithItselfAsync(index).ConfigureAwait(false);
    }

    private static async Task VisibleAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        for (var i = 0; i < 8; i++)
        {
            await run.StoreAsync(index, new Repository("team/app", $"build{i} text")).ConfigureAwait(false);
            await run.FindsAsync(index, $"build{i}", "team/app").ConfigureAwait(false);
            await run.FindsAsync(index, $"build{i - 1}").ConfigureAwait(false);
            await run.FindsAsync(index, "team", "team/app").ConfigureAwait(false);
            await run.FindsAsync(index, "text", "team/app").ConfigureAwait(false);
        }

        await index.DeleteAsync("team/app", run.Cancellation).ConfigureAwait(false);
        foreach (var query in (string[])["build7", "team", "text", ""])
            await run.FindsAsync(index, query).ConfigureAwait(false);
        await index.ImportAsync(((Repository[])[new("team/app", "text")]).ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        foreach (var query in (string[])["team", "text", ""])
            await run.FindsAsync(index, query, "team/app").ConfigureAwait(false);
    }

    private static async Task VisibleElsewhereAsync(CaseRun run)
    {
        var (writer, reader) = (await run.OpenAsync().ConfigureAwait(false), await run.OpenAsync().ConfigureAwait(false));
        for (var i = 0; i < 6; i++)
        {
            await run.StoreAsync(writer, new("team/app", $"build{i}"), new($"team/{i}")).ConfigureAwait(false);
            await run.FindsAsync(reader, $"build{i}", "team/app").ConfigureAwait(false);
            await run.FindsAsync(reader, $"build{i - 1}").ConfigureAwait(false);
            await run.HoldsAsync(reader, [new("team/app", $"build{i}"), .. Enumerable.Range(0, i + 1).Select(n => new Repository($"team/{n}"))]).ConfigureAwait(false);
        }

        await writer.DeleteAsync("team/app", run.Cancellation).ConfigureAwait(false);
        await run.FindsAsync(reader, "app").ConfigureAwait(false);
        Expect.Equal(null, await reader.GetAsync("team/app", run.Cancellation).ConfigureAwait(false), "get of what the other has deleted");
    }

    private static async Task SessionAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var repositories = Enumerable.Range(0, 160).Select(i => new Repository($"r{i:d3}", (i % 40) switch { 39 => "left right", < 20 => "left", _ => "right" })).ToList();
        await run.FillAsync(index, repositories).ConfigureAwait(false);
        var reference = new ReferenceIndex(repositories);
        foreach (var query in (string[])["left right", "r left", "right", "r0", ""])
        {
            var expected = await ResultPages.AllAsync(reference, query, SearchRequest.MaxLimit, run.Cancellation).ConfigureAwait(false);
            foreach (var limit in (int[])[3, 25])
                Expect.Repositories(expected, await SessionsAsync(query, limit).ConfigureAwait(false), $"search {Show.Text(query)} with pages of {limit} in a session that another search shares");
        }

        // Uses as many sessions as necessary, each until it is exhausted.
        async Task<List<Repository>> SessionsAsync(string query, int limit)
        {
            var found = new List<Repository>();
            var session = new SearchSession(wanted: 60);
            string? continuation = null;
            for (var sessions = 1; ;)
            {
                var page = await index.SearchAsync(new(query, limit, continuation) { Session = session }, run.Cancellation).ConfigureAwait(false);
                found.AddRange(page.Repositories);
                continuation = page.Continuation;
                if (continuation is null)
                    return found;
                Expect.That(found.Count <= repositories.Count, $"at most {repositories.Count} repositories for {Show.Text(query)}", $"{found.Count}, and a continuation");
                await index.SearchAsync(new("left", 2) { Session = session }, run.Cancellation).ConfigureAwait(false);
                if (!session.IsExhausted)
                    continue;
                Expect.That(++sessions < 1_000, $"an end of the search for {Show.Text(query)}", $"{sessions} exhausted sessions");
                session = new(wanted: 60);
            }
        }
    }

    internal static async Task<IReadOnlyList<Repository>> MixedAsync(CaseRun run, IRegistryIndex index)
    {
        string[] names = ["web", "Web", "a/web", "my-web", "webx/y", "x.web", "zz/0web", "b/c", "w", "other", "library/web", "library/zz/webx"];
        string?[] texts = [null, "text of the web", "日本語 text", "webtext 日"];
        Repository[] all = [.. names.SelectMany((name, i) => texts.Take(1 + (i % 4)).Select((text, j) => new Repository($"{name}{(j == 0 ? "" : $"/{j}")}", texts[(i + j) % 4])))];
        await run.FillAsync(index, all).ConfigureAwait(false);
        return all;
    }
}
