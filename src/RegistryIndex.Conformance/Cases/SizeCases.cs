using System.Globalization;
using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Indexes larger than what a store returns or accepts at once; slow.</summary>
internal static class SizeCases
{
    private const int Many = 10_200;
    private const int WithText = 3_400;
    private const int Alike = 1_200;
    private const int Planted = 3_000;

    // A multiple of every common portion size, so that the last portion is not a partial one.
    private const int Imported = 12_000;
    private const int Apart = 5_000;

    /// <summary>The most that an import may hold at once. The case that reads refused repositories uses the same number.</summary>
    private const int MostAtOnce = 10_000;

    private static readonly string First120 = "shared/" + new string('x', 112) + "/";

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-large-index-is-listed-whole", ["2.4", "2.8", "2.9", "2.10"],
            "A list, a list with a limit, a scan and the status of more than 10,000 repositories are complete, even if names share their first 120 characters.",
            "An export, a sync or a catalog of a large registry would end where a page of the store ends.",
            ListedAsync),
        new("a-large-result-is-found-whole-and-in-order", ["3.3", "4.5", "4.6", "4.7", "4.8", "5.2", "5.9"],
            "Searches that find thousands of repositories, with descriptions of more than a megabyte, find each once and in the order of the reference.",
            "Results beyond a thousand rows or a megabyte would be missing, or in the wrong order, without a sign of it.",
            FoundAsync),
        new("a-large-import-is-whole", ["2.5", "2.1"],
            "An import of thousands of repositories is complete even if its last portion is empty, and of two with one name the later wins thousands of rows apart.",
            "The last rows of a load would be lost, or an old description would win.",
            ImportedAsync),
        new("an-import-lets-go-of-what-it-has-stored", ["2.5"],
            "An import does not keep the repositories that it has dealt with.",
            "An import of millions would end for want of memory, though each row is small.",
            LetGoAsync),
        new("thousands-of-a-predecessor-s-rows-are-adopted", ["6.2", "1.6", "3.7"],
            "Thousands of rows that a predecessor left are all listed, counted and found, with long descriptions and odd names among them.",
            "People who move over would lose what did not fit into one portion.",
            AdoptedAsync, Capability.Predecessor),
    ];

    private static async Task ListedAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        Repository[] all = [.. Numbered("r", Many), .. Enumerable.Range(0, Alike / 4).Select(i => new Repository(First120 + i.ToString("d3", CultureInfo.InvariantCulture)))];
        await run.FillAsync(index, all).ConfigureAwait(false);
        Expect.Repositories(all, await run.ListAsync(index).ConfigureAwait(false), "list");
        foreach (var from in (int[])[999, 9_999, 10_000, Many - 2, Many - 1, Many, Many + 150, all.Length - 1])
            Expect.Repositories(all[(from + 1)..], await run.ListAsync(index, all[from].Name).ConfigureAwait(false), $"list after {Show.Text(all[from].Name)}");
        foreach (var (from, most) in ((int, int)[])[(0, 10_001), (2_500, 5_000), (Many - 50, 120)])
            Expect.Repositories([.. all.Skip(from + 1).Take(most)], await index.ListAsync(all[from].Name, most, run.Cancellation).ToListAsync(run.Cancellation).ConfigureAwait(false), Show.Listing("list", all[from].Name, most));

        var scanned = new List<Repository>();
        while (await index.ScanAsync(scanned.LastOrDefault()?.Name, 1_030, run.Cancellation).ToListAsync(run.Cancellation).ConfigureAwait(false) is { Count: > 0 } portion)
            scanned.AddRange(portion);
        Expect.Repositories(all, [.. scanned.OrderBy(repository => repository.Name, CodePointOrder.Comparer)], "scans of 1030, each after the one before, in name order");
        var status = await index.GetStatusAsync(run.Cancellation).ConfigureAwait(false);
        Expect.That(status.IsEstimate ? status.Repositories <= all.Length : status.Repositories == all.Length, $"a status of {all.Length} repositories, or an estimate of at most as many", status.ToString());
    }

    private static async Task FoundAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var reference = new ReferenceIndex();
        Repository[] all = [.. Numbered("team/r", Many - Alike, i => i % 3 == 0 && i < 3 * WithText ? LongText(i) : null), .. Enumerable.Range(0, Alike).Select(i => new Repository(First120 + Ending(i)))];
        await run.FillAsync(index, all).ConfigureAwait(false);
        await run.FillAsync(reference, all).ConfigureAwait(false);
        // Thousands of matches by a segment, by a description, by names with a long common part, by several words; and single matches.
        foreach (var (query, limit) in ((string, int)[])[("xxxx", 99), ("r00", 100), ("商店", 100), ("team 商店", 100), ("shared xx/", 100), ("nr0003x", 25), ("r08999", 25), (First120[7..] + "zz", 25)])
            await FindsAllAsync(run, index, reference, query, limit).ConfigureAwait(false);

        // As many code points as a description may have, most of them three bytes long.
        static string LongText(int number) => $"nr{number:d4}x 商店 " + new string('語', RepositoryDescription.MaxCodePoints - 11);

        // Endings of several lengths, so that only the text after the first 120 characters determines the order.
        static string Ending(int number) => $"{(char)('a' + (number % 26))}{new string('z', number / 26 % 9)}{number / (26 * 9)}";
    }

    private static async Task ImportedAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var reference = new ReferenceIndex();
        await SameAsync([.. Numbered("r", Imported)]).ConfigureAwait(false);
        // Some names come again thousands of rows later. For some, the first is refused and the later one is valid.
        await SameAsync(
        [
            .. Numbered("r", Apart, i => i % 4 == 0 ? $"first {i}" : i % 4 == 1 ? new string('x', RepositoryDescription.MaxCodePoints + 1) : null),
            .. Numbered("r", Apart, i => i % 4 < 2 && i % 8 < 4 ? $"second {i}" : null),
        ]).ConfigureAwait(false);
        var status = await index.GetStatusAsync(run.Cancellation).ConfigureAwait(false);
        Expect.That(status.IsEstimate || status.Repositories == Imported, $"a status of {Imported} repositories, or an estimate", status.ToString());

        async Task SameAsync(IReadOnlyList<Repository> stream)
        {
            var expected = await reference.ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
            var came = await index.ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
            Expect.Equal(expected, came, $"import of {stream.Count}");
            Expect.Repositories(await reference.ListAsync(cancellationToken: run.Cancellation).ToListAsync(run.Cancellation).ConfigureAwait(false), await run.ListAsync(index).ConfigureAwait(false), "list");
        }
    }

    private static async Task LetGoAsync(CaseRun run)
    {
        const int Names = 500; // few enough for one portion
        var index = await run.OpenAsync().ConfigureAwait(false);
        var read = new List<WeakReference>(2 * MostAtOnce);
        var kept = int.MaxValue;
        // The same few names repeat, because an index in memory may keep what it stores.
        var result = await index.ImportAsync(Stream(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = Names, Unchanged = (2 * MostAtOnce) - Names }, result, "import");
        Expect.That(kept <= 2 * Names, $"that at most {2 * Names} of the first {MostAtOnce} repositories are kept when {2 * MostAtOnce} are read", $"{kept}");

        async IAsyncEnumerable<Repository> Stream()
        {
            await Task.CompletedTask.ConfigureAwait(false);
            while (read.Count < 2 * MostAtOnce)
                yield return Next();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            kept = read.Take(MostAtOnce).Count(one => one.IsAlive);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        Repository Next()
        {
            var next = new Repository($"r{read.Count % Names}", "the same");
            read.Add(new(next));
            return next;
        }
    }

    private static async Task AdoptedAsync(CaseRun run)
    {
        Repository[] rows =
        [
            .. Numbered("r", Planted, i => i % 10 == 0 ? $"old {i:d5} " + new string('語', 300) : i % 10 == 1 ? "old" : null),
            .. Enumerable.Range(0, 200).Select(i => new Repository($"-odd {i:d3}", "old and odd")),
        ];
        await run.WithScratchAsync($"plant {rows.Length} rows of a predecessor", scratch => scratch.PlantPredecessorAsync(rows, run.Cancellation)).ConfigureAwait(false);
        var index = await run.OpenAsync().ConfigureAwait(false);
        Repository[] sorted = [.. rows.OrderBy(row => row.Name, CodePointOrder.Comparer)];
        Expect.Repositories(sorted, await run.ListAsync(index).ConfigureAwait(false), "list");
        var reference = new ReferenceIndex(rows);
        foreach (var query in (string[])["old", "odd", "r0", "語語", "old r02", "r02999", "02990"])
            await FindsAllAsync(run, index, reference, query, SearchRequest.MaxLimit).ConfigureAwait(false);

        var status = await index.GetStatusAsync(run.Cancellation).ConfigureAwait(false);
        Expect.That(status.IsEstimate || status.Repositories == rows.Length, $"a status of {rows.Length} repositories, or an estimate", status.ToString());
        Expect.Equal(UpsertOutcome.Unchanged, await index.UpsertAsync(sorted[^1], run.Cancellation).ConfigureAwait(false), "upsert of the unchanged last row");
    }

    private static async Task FindsAllAsync(CaseRun run, IRegistryIndex index, ReferenceIndex reference, string query, int limit)
    {
        var expected = reference.Pages(query, SearchRequest.MaxLimit, int.MaxValue / SearchRequest.MaxLimit).SelectMany(page => page.Repositories).ToList();
        Expect.Repositories(expected, await ResultPages.AllAsync(index, query, limit, run.Cancellation).ConfigureAwait(false), $"search {Show.Text(query)} with pages of {limit}");
    }

    private static IEnumerable<Repository> Numbered(string prefix, int count, Func<int, string?>? description = null) =>
        Enumerable.Range(0, count).Select(i => new Repository(prefix + i.ToString("d5", CultureInfo.InvariantCulture), description?.Invoke(i)));
}
