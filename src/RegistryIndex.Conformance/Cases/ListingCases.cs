using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>List, scan and status (contract 2.4, 2.8 to 2.10).</summary>
internal static class ListingCases
{
    private const int Long = 1_300;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-list-is-in-name-order", ["2.4"],
            "A list is in name order by code point, for any order of the writes, and upper case comes before lower.",
            "Clients of /v2/_catalog go on after the last name they saw: out of order, they miss repositories.",
            OrderAsync),
        new("a-list-begins-after-any-text", ["2.4"],
            "A list begins after the given text, which need not be a name or exist.",
            "A catalog page would begin with what the page before ended with, or fail when that was deleted.",
            AfterAsync),
        new("a-long-list-is-whole", ["2.4"],
            "A list of more than a thousand repositories yields each exactly once, from any place on.",
            "A provider that reads in portions would end after the first, or repeat repositories at a boundary.",
            LongAsync),
        new("a-list-can-be-stopped-and-begun-again", ["2.4"],
            "A list can be left early, and what ListAsync gave can be enumerated again from the beginning.",
            "An export that is begun again would be empty, or a reader that stops would keep the store busy.",
            AgainAsync),
        new("a-list-misses-and-repeats-nothing-while-others-write", ["2.4", "5.6"],
            "Repositories that exist throughout are yielded exactly once while others are added and deleted before and after the position of the list.",
            "An export under load would lose rows or have them twice, as a list by offset does.",
            ChurnAsync),
        new("a-list-of-so-many-is-the-beginning-of-the-list", ["2.9"],
            "A list with a limit yields that many repositories from its beginning, or all if there are fewer.",
            "A page of /v2/_catalog would be short, and a client would take it for the last.",
            SoManyAsync),
        new("a-scan-is-whole-and-goes-on-where-it-ended", ["2.10"],
            "A scan yields each repository exactly once, at most as many as requested, and continues after any name that it yielded, even if that is deleted.",
            "A resumed migration would leave repositories behind, and a sync would treat repositories that it did not see as gone.",
            ScanAsync),
        new("the-status-counts-each-repository-once", ["2.8", "2.13"],
            "The status reports how many repositories a list yields, or an estimate that is not higher than there have been, and where the index is.",
            "Dashboards would show wrong numbers, and not which store is meant.",
            StatusAsync),
    ];

    private static async Task OrderAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] sorted = ["0", "10", "9", "A/b", "APP", "App", "B", "a", "a-b", "a.b", "a/b", "a0", "aB", "a_b", "ab", "ab/c", "b"];
        foreach (var place in (int[])[9, 3, 16, 0, 12, 7, 1, 14, 5, 10, 2, 15, 8, 4, 13, 6, 11])
            await run.StoreAsync(index, new Repository(sorted[place], $"written as {place}")).ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("ab", "written again")).ConfigureAwait(false);
        Expect.Names(sorted, [.. (await run.ListAsync(index).ConfigureAwait(false)).Select(r => r.Name)], "list");
    }

    private static async Task AfterAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] names = ["App", "app", "app-x", "app/web", "b"];
        await run.StoreAsync(index, names.Select(name => new Repository(name))).ConfigureAwait(false);
        foreach (var after in (string[])["", " ", "A", "App", "Appp", "app", "app/", "app-x", "app.", "ap%", "b", "b/", "é", "日本", "😀", "\uE000", new('a', 300)])
        {
            string[] expected = [.. names.Where(name => CodePointOrder.Comparer.Compare(name, after) > 0)];
            Expect.Names(expected, [.. (await run.ListAsync(index, after).ConfigureAwait(false)).Select(r => r.Name)], $"list after {Show.Text(after)}");
        }
    }

    private static async Task LongAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var all = CommonSteps.Many(Long);
        await run.FillAsync(index, all).ConfigureAwait(false);
        Expect.Repositories(all, await run.ListAsync(index).ConfigureAwait(false), "list");
        foreach (var from in (int[])[0, 1, 99, 499, 500, 999, 1_000, 1_001, Long - 2, Long - 1])
            Expect.Repositories(all[(from + 1)..], await run.ListAsync(index, all[from].Name).ConfigureAwait(false), $"list after {all[from].Name}");
    }

    private static async Task SoManyAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        Expect.Repositories([], await SomeAsync(null, 1).ConfigureAwait(false), "a list of one, of nothing");
        var all = CommonSteps.Many(Long);
        await run.FillAsync(index, all).ConfigureAwait(false);
        foreach (var most in (int[])[-1, 0, 1, 2, 99, 100, 101, 999, 1_000, 1_001, Long - 1, Long, Long + 1, int.MaxValue])
            Expect.Repositories([.. all.Take(most)], await SomeAsync(null, most).ConfigureAwait(false), $"a list of {most}");
        foreach (var (from, most) in ((int, int)[])[(0, 1), (10, 26), (99, 100), (500, 501), (Long - 3, 2), (Long - 3, 3), (Long - 1, 1)])
            Expect.Repositories([.. all.Skip(from + 1).Take(most)], await SomeAsync(all[from].Name, most).ConfigureAwait(false), $"a list of {most} after {all[from].Name}");
        foreach (var after in (string[])["", " ", "r00%", "r0", "é", new('a', 300)])
            Expect.Repositories([.. all.Where(repository => CodePointOrder.Comparer.Compare(repository.Name, after) > 0).Take(3)], await SomeAsync(after, 3).ConfigureAwait(false), $"a list of 3 after {Show.Text(after)}");

        async Task<List<Repository>> SomeAsync(string? after, int most) =>
            await index.ListAsync(after, most, run.Cancellation).ToListAsync(run.Cancellation).ConfigureAwait(false);
    }

    private static async Task ScanAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var all = CommonSteps.Many(Long);
        await run.FillAsync(index, all).ConfigureAwait(false);
        var scanned = await ScannedAsync(null, null).ConfigureAwait(false);
        Expect.Repositories(all, [.. scanned.OrderBy(repository => repository.Name, CodePointOrder.Comparer)], "scan, in name order");
        foreach (var (from, most) in ((int, int?)[])[(0, 1), (99, 26), (499, 700), (Long - 3, 5), (Long - 1, 1), (500, null)])
        {
            Repository[] expected = [.. scanned.Skip(from + 1).Take(most ?? Long)];
            Expect.Repositories(expected, await ScannedAsync(scanned[from].Name, most).ConfigureAwait(false), Show.Listing("scan", scanned[from].Name, most));
        }

        await index.DeleteAsync(scanned[700].Name, run.Cancellation).ConfigureAwait(false);
        Expect.Repositories(scanned[701..], await ScannedAsync(scanned[700].Name, null).ConfigureAwait(false), "scan after a name that is gone since");

        async Task<List<Repository>> ScannedAsync(string? after, int? most) =>
            await index.ScanAsync(after, most, run.Cancellation).ToListAsync(run.Cancellation).ConfigureAwait(false);
    }

    private static async Task AgainAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var all = CommonSteps.Many(40, "steady");
        await run.FillAsync(index, all).ConfigureAwait(false);
        var list = index.ListAsync(cancellationToken: run.Cancellation);
        Expect.Repositories(all[..3], await list.Take(3).ToListAsync(run.Cancellation).ConfigureAwait(false), "the first three of a list");
        Expect.Repositories(all, await list.ToListAsync(run.Cancellation).ConfigureAwait(false), "the same list again");
        await run.StoreAsync(index, new Repository("z", "new")).ConfigureAwait(false);
        Expect.Repositories([.. all, new("z", "new")], await list.ToListAsync(run.Cancellation).ConfigureAwait(false), "the same list after an upsert");
    }

    private static async Task ChurnAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var steady = CommonSteps.Many(Long);
        await run.FillAsync(index, steady).ConfigureAwait(false);
        await run.StoreAsync(index, Enumerable.Range(0, 20).Select(i => new Repository($"a{i}"))).ConfigureAwait(false);
        var listed = new List<Repository>();
        await foreach (var repository in index.ListAsync(cancellationToken: run.Cancellation).ConfigureAwait(false))
        {
            listed.Add(repository);
            if (listed.Count % 100 != 0)
                continue;
            // Before the current place of the list, one repository is deleted and two are added; after it, one is added and one is deleted.
            var i = listed.Count / 100;
            await index.DeleteAsync($"a{i}", run.Cancellation).ConfigureAwait(false);
            await run.StoreAsync(index, new($"b{i}", "new"), new($"b{i}x", "new"), new($"z{i}", "new")).ConfigureAwait(false);
            await index.DeleteAsync($"z{i - 3}", run.Cancellation).ConfigureAwait(false);
        }

        Expect.Repositories(steady, [.. listed.Where(repository => repository.Name[0] == 'r')], "what stayed, in a list during which others wrote");
        Expect.Equal(listed.Count, listed.DistinctBy(repository => repository.Name).Count(), "how many of the listed are different");
    }

    private static async Task StatusAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("a", "b"), new("A"), new("c"), new("a", "other")).ConfigureAwait(false);
        await index.DeleteAsync("c", run.Cancellation).ConfigureAwait(false);
        await index.TryReplaceMarkAsync("first-load", null, "no repository", run.Cancellation).ConfigureAwait(false);
        await index.ImportAsync(((Repository[])[new("a", "imported"), new("A", "imported"), new("a", "imported")]).ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        var status = await index.GetStatusAsync(run.Cancellation).ConfigureAwait(false);
        Expect.That(status.IsEstimate ? status.Repositories is >= 0 and <= 3 : status.Repositories == 2, "a status of 2 repositories, or an estimate of at most the 3 that there have been", status.ToString());
        Expect.Equal(index.Provider, status.Provider, "the provider in the status");
        Expect.That(!string.IsNullOrWhiteSpace(status.Location), "a location in the status", Show.Text(status.Location));
    }
}
