using System.Globalization;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Marks, and the work that depends on them (contract 6.4, 6.5).</summary>
internal static class MarkCases
{
    private const string Mark = "first-load";
    private const int Threads = 12;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-mark-is-replaced-by-compare-and-swap", ["6.4"],
            "A mark is replaced only if it has the expected text, created only if it does not exist, and removed by null.",
            "Two servers would take the same work at once.",
            SwapAsync),
        new("marks-are-compared-to-the-letter", ["6.4"],
            "Marks are compared character by character: case, spaces at the end and accents count.",
            "A store that compares by a collation would let a process replace a text that it has not read.",
            LetterAsync),
        new("a-mark-holds-any-text-of-4096-characters", ["6.4", "6.5"],
            "A mark holds 4,096 characters of any text, also none, and has any name of 1 to 40 letters and hyphens.",
            "How far a load has come could not be remembered.",
            TextAsync),
        new("a-mark-that-breaks-a-rule-is-an-argument-error", ["6.5", "6.7"],
            "A name that is none, read or replaced, a text of more than 4,096 characters and one with an unpaired surrogate are an ArgumentException, and nothing is stored.",
            "What works on one provider would fail, or be cut, on the next.",
            RulesAsync),
        new("marks-are-beside-the-repositories", ["6.4", "2.4", "3.6"],
            "Marks are in no list, search, get or status, repositories are not marks, and an import does not change marks.",
            "People would find 'first-load' among their repositories.",
            BesideAsync),
        new("one-of-many-replaces-a-mark", ["6.4", "7.4"],
            "Of many who replace the same text at once, one succeeds; who counts up with it loses no count.",
            "Two servers would take the same work at once.",
            ContentionAsync),
        new("one-of-many-processes-replaces-a-mark", ["6.4"],
            "Of many processes that replace the same text of a mark at once, one succeeds, and each sees what another has replaced.",
            "Two servers would take the same work at once.",
            ProcessesAsync, Capability.SeveralProcesses),
        new("work-is-given-to-one", ["6.4"],
            "Of many callers of one object that try to fill a new index at once, one gets the work, and when it is done no other does it again.",
            "The registry would be read by every server at every start.",
            WorkAsync),
        new("work-is-given-to-one-of-many-processes", ["6.4"],
            "Of many processes that try to fill a new index at once, one gets the work, and when it is done no other process does it again.",
            "Every server that starts would read the whole registry.",
            WorkInProcessesAsync, Capability.SeveralProcesses),
        new("work-that-crashed-is-taken-over-where-it-was", ["6.4"],
            "Another process continues the work of a crashed holder from its position, and a holder that comes back sees that it has lost the work.",
            "After a crash the index would stay half filled for good, as the predecessor's did.",
            TakeOverAsync),
        new("searches-answer-while-work-is-done", ["6.4"],
            "While one process holds the work and imports, searches of the index answer.",
            "The first load of a large registry would keep the search closed for hours.",
            MeanwhileAsync),
    ];

    private static async Task SwapAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await IsAsync(run, index, null).ConfigureAwait(false);
        await ReplaceAsync(run, index, "something", "x", succeeds: false).ConfigureAwait(false);
        await ReplaceAsync(run, index, "something", null, succeeds: false).ConfigureAwait(false);
        await ReplaceAsync(run, index, null, "one", succeeds: true).ConfigureAwait(false);
        await ReplaceAsync(run, index, null, "two", succeeds: false).ConfigureAwait(false);
        await IsAsync(run, index, "one").ConfigureAwait(false);
        await ReplaceAsync(run, index, "two", "three", succeeds: false).ConfigureAwait(false);
        await ReplaceAsync(run, index, "two", null, succeeds: false).ConfigureAwait(false);
        await IsAsync(run, index, "one").ConfigureAwait(false);
        await ReplaceAsync(run, index, "one", "two", succeeds: true).ConfigureAwait(false);
        await ReplaceAsync(run, index, "two", "two", succeeds: true).ConfigureAwait(false);
        await IsAsync(run, index, "two").ConfigureAwait(false);
        Expect.Equal(null, await index.ReadMarkAsync("other-mark", run.Cancellation).ConfigureAwait(false), "another mark");
        Expect.Equal(true, await index.TryReplaceMarkAsync("other-mark", null, "its own", run.Cancellation).ConfigureAwait(false), "replace another mark");
        await ReplaceAsync(run, index, "two", null, succeeds: true).ConfigureAwait(false);
        await IsAsync(run, index, null).ConfigureAwait(false);
        Expect.Equal("its own", await index.ReadMarkAsync("other-mark", run.Cancellation).ConfigureAwait(false), "another mark");
        await ReplaceAsync(run, index, null, "again", succeeds: true).ConfigureAwait(false);
        await IsAsync(run, index, "again").ConfigureAwait(false);
    }

    private static async Task LetterAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string? now = null;
        foreach (var text in (string[])["Text", "caf\u00e9", " x ", "a%b", "null"])
        {
            await ReplaceAsync(run, index, now, text, succeeds: true).ConfigureAwait(false);
            foreach (var near in (string[])["text", "TEXT", "Text ", "cafe\u0301", "caf\u00c9", "cafe", "x", " x", "x ", "a_b", "%", "NULL", "nul"])
                await ReplaceAsync(run, index, near, "wrong", succeeds: false).ConfigureAwait(false);
            await ReplaceAsync(run, index, null, "wrong", succeeds: false).ConfigureAwait(false);
            await IsAsync(run, index, text).ConfigureAwait(false);
            now = text;
        }
    }

    private static async Task TextAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string? now = null;
        foreach (var text in (string[])[new('x', 4_096), new('語', 4_096), string.Concat(Enumerable.Repeat("😀", 2_048)), "two\nlines\t\"and\" 'quotes' \\ %", "", "{\"state\":\"Running\"}"])
        {
            await ReplaceAsync(run, index, now, text, succeeds: true).ConfigureAwait(false);
            await IsAsync(run, index, text).ConfigureAwait(false);
            now = text;
        }

        // Names at the limits of the grammar. No two of them may be confused.
        string[] names = ["a", "z", "-", "--", "a-", "-a", "az", new('m', 39), new('m', 40), new('-', 40)];
        foreach (var name in names)
        {
            Expect.Equal(null, await index.ReadMarkAsync(name, run.Cancellation).ConfigureAwait(false), $"the mark {Show.Text(name)} before it is made");
            Expect.Equal(true, await index.TryReplaceMarkAsync(name, null, $"that of {name}", run.Cancellation).ConfigureAwait(false), $"whether a mark of the name {Show.Text(name)} was made");
        }

        foreach (var name in names)
            Expect.Equal($"that of {name}", await index.ReadMarkAsync(name, run.Cancellation).ConfigureAwait(false), $"the mark {Show.Text(name)}");
    }

    private static async Task RulesAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        foreach (var name in (string[])["", " ", "First", "first load", "first_load", "load1", "first/load", "first.load", "load`", "load{", "Z", "last\u00e9", "\uff4c", "日", "\ud83d", "load\n", " load", new('m', 41)])
        {
            await Expect.ThrowsAsync<ArgumentException>(() => index.ReadMarkAsync(name, run.Cancellation), $"read mark {Show.Text(name)}").ConfigureAwait(false);
            await Expect.ThrowsAsync<ArgumentException>(() => index.TryReplaceMarkAsync(name, null, "text", run.Cancellation), $"replace mark {Show.Text(name)}").ConfigureAwait(false);
        }

        await ReplaceAsync(run, index, null, "text", succeeds: true).ConfigureAwait(false);
        await Expect.ThrowsAsync<ArgumentException>(() => index.TryReplaceMarkAsync(Mark, "text", new('x', 4_097), run.Cancellation), "replace a mark by 4,097 characters").ConfigureAwait(false);
        foreach (var text in (string[])["\ud83d", "half \ude00 a face", "end \ud83d"])
        {
            await Expect.ThrowsAsync<ArgumentException>(() => index.TryReplaceMarkAsync(Mark, "text", text, run.Cancellation), $"replace a mark by {Show.Text(text)}").ConfigureAwait(false);
            await Expect.ThrowsAsync<ArgumentException>(() => index.TryReplaceMarkAsync(Mark, text, "other", run.Cancellation), $"replace {Show.Text(text)} of a mark").ConfigureAwait(false);
        }

        await IsAsync(run, index, "text").ConfigureAwait(false);
        await ReplaceAsync(run, index, "text", new('x', 4_096), succeeds: true).ConfigureAwait(false);
    }

    private static async Task BesideAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await ReplaceAsync(run, index, null, "a text", succeeds: true).ConfigureAwait(false);
        await run.HoldsAsync(index).ConfigureAwait(false);
        await run.FindsAsync(index, "first").ConfigureAwait(false);
        await run.FindsAsync(index, "text").ConfigureAwait(false);
        Expect.Equal(null, await index.GetAsync(Mark, run.Cancellation).ConfigureAwait(false), "get of the mark's name");
        Expect.Equal(false, await index.DeleteAsync(Mark, run.Cancellation).ConfigureAwait(false), "delete of the mark's name");
        Expect.Equal(0, (await index.GetStatusAsync(run.Cancellation).ConfigureAwait(false)).Repositories, "how many repositories the status counts");
        await run.StoreAsync(index, new(Mark, "a repository"), new("sync", "another")).ConfigureAwait(false);
        await run.FillAsync(index, CommonSteps.Many(5)).ConfigureAwait(false);
        await IsAsync(run, index, "a text").ConfigureAwait(false);
        Expect.Equal(null, await index.ReadMarkAsync("sync", run.Cancellation).ConfigureAwait(false), "a mark of a repository's name");
        Expect.Equal(true, await index.DeleteAsync(Mark, run.Cancellation).ConfigureAwait(false), "delete of the repository with the mark's name");
        await IsAsync(run, index, "a text").ConfigureAwait(false);
        await run.StoreAsync(index, new Repository(Mark, "a repository")).ConfigureAwait(false);
        await ReplaceAsync(run, index, "a text", null, succeeds: true).ConfigureAwait(false);
        await run.HoldsAsync(index, [new(Mark, "a repository"), new("sync", "another"), .. CommonSteps.Many(5)]).ConfigureAwait(false);
    }

    private static async Task ContentionAsync(CaseRun run) =>
        await ContendAsync(run, [await run.OpenAsync().ConfigureAwait(false)]).ConfigureAwait(false);

    private static async Task ProcessesAsync(CaseRun run) =>
        await ContendAsync(run, await run.OpenSeveralAsync(3).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task ContendAsync(CaseRun run, IRegistryIndex[] indexes)
    {
        for (var round = 0; round < 4; round++)
        {
            var expected = await indexes[0].ReadMarkAsync(Mark, run.Cancellation).ConfigureAwait(false);
            var next = round == 2 ? null : $"round {round} ";
            var replaced = await run.AtOnceAsync(Threads, i => indexes[i % indexes.Length].TryReplaceMarkAsync(Mark, expected, next is null ? null : next + i.ToString(CultureInfo.InvariantCulture), run.Cancellation)).ConfigureAwait(false);
            Expect.Equal(1, replaced.Count(yes => yes), $"how many of {Threads} at once replaced {Show.Text(expected)}");
            var winner = next is null ? null : next + Array.IndexOf(replaced, true).ToString(CultureInfo.InvariantCulture);
            foreach (var index in indexes)
                await IsAsync(run, index, winner).ConfigureAwait(false);
        }

        await run.AtOnceAsync(Threads, i => CountUpAsync(indexes[i % indexes.Length])).ConfigureAwait(false);
        Expect.Equal(Threads.ToString(CultureInfo.InvariantCulture), await indexes[0].ReadMarkAsync("counter", run.Cancellation).ConfigureAwait(false), $"a counter that {Threads} have counted up by one at once");

        async Task<bool> CountUpAsync(IRegistryIndex index)
        {
            while (true)
            {
                var text = await index.ReadMarkAsync("counter", run.Cancellation).ConfigureAwait(false);
                var next = text is null ? 1 : int.Parse(text, CultureInfo.InvariantCulture) + 1;
                if (await index.TryReplaceMarkAsync("counter", text, next.ToString(CultureInfo.InvariantCulture), run.Cancellation).ConfigureAwait(false))
                    return true;
            }
        }
    }

    private static async Task WorkAsync(CaseRun run) => await ContendForWorkAsync(run, [await run.OpenAsync().ConfigureAwait(false)]).ConfigureAwait(false);

    private static async Task WorkInProcessesAsync(CaseRun run) => await ContendForWorkAsync(run, await run.OpenSeveralAsync(3).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task ContendForWorkAsync(CaseRun run, IRegistryIndex[] indexes)
    {
        var leases = await run.AtOnceAsync(Threads, i => Contender(indexes[i % indexes.Length]).TryTakeAsync(cancellationToken: run.Cancellation)).ConfigureAwait(false);
        Expect.Equal(1, leases.Count(lease => lease is not null), $"how many of {Threads} got the work");
        var holder = leases.Single(lease => lease is not null)!;
        await using (holder.ConfigureAwait(false))
        {
            foreach (var index in indexes)
                Expect.Equal(WorkState.Running, await Contender(index).GetStateAsync(run.Cancellation).ConfigureAwait(false), "the state of the work");
            await holder.CheckpointAsync("team/app", run.Cancellation).ConfigureAwait(false);
            await holder.CompleteAsync(run.Cancellation).ConfigureAwait(false);
        }

        foreach (var index in indexes)
        {
            Expect.Equal(WorkState.Done, await Contender(index).GetStateAsync(run.Cancellation).ConfigureAwait(false), "the state of the work when it is done");
            Expect.That(await Contender(index).TryTakeAsync(cancellationToken: run.Cancellation).ConfigureAwait(false) is null, "no lease for work that is done", "a lease");
        }
    }

    private static async Task TakeOverAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var duration = TimeSpan.FromSeconds(30);
        var crashed = await new IndexWork(index, Mark, duration, new ManualTime()).TryTakeAsync(cancellationToken: run.Cancellation).ConfigureAwait(false)
            ?? throw new ExpectationException("a lease for work that has not begun", "none");
        await crashed.CheckpointAsync("team/app", run.Cancellation).ConfigureAwait(false);
        var time = new ManualTime();
        var contender = new IndexWork(index, Mark, duration, time);
        Expect.That(await contender.TryTakeAsync(cancellationToken: run.Cancellation).ConfigureAwait(false) is null, "no lease while another may be at it", "a lease");
        time.Advance(duration);
        var next = await contender.TryTakeAsync(cancellationToken: run.Cancellation).ConfigureAwait(false);
        Expect.Equal("team/app", next?.Progress, "the position of the work after its holder was silent for the whole duration");
        await Expect.ThrowsAsync<OperationCanceledException>(() => crashed.CheckpointAsync("team/b", run.Cancellation), "a checkpoint of the one that was taken for crashed").ConfigureAwait(false);
        await crashed.DisposeAsync().ConfigureAwait(false);
        await next!.CheckpointAsync("team/c", run.Cancellation).ConfigureAwait(false);
        await next.DisposeAsync().ConfigureAwait(false);
        var last = await Contender(index).TryTakeAsync(cancellationToken: run.Cancellation).ConfigureAwait(false);
        Expect.Equal("team/c", last?.Progress, "the position of work that was released");
        await last!.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task MeanwhileAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("there", "before")).ConfigureAwait(false);
        var lease = await Contender(index).TryTakeAsync(cancellationToken: run.Cancellation).ConfigureAwait(false) ?? throw new ExpectationException("a lease", "none");
        await using (lease.ConfigureAwait(false))
        {
            var searched = 0;
            await index.ImportAsync(Stream(), cancellationToken: run.Cancellation).ConfigureAwait(false);
            Expect.Equal(3, searched, "how many searches were answered during the import");
            await lease.CompleteAsync(run.Cancellation).ConfigureAwait(false);

            async IAsyncEnumerable<Repository> Stream()
            {
                foreach (var repository in CommonSteps.Many(300))
                {
                    if (repository.Name is "r0010" or "r0150" or "r0299")
                    {
                        await run.FindsAsync(index, "before", "there").ConfigureAwait(false);
                        await lease.CheckpointAsync(repository.Name, run.Cancellation).ConfigureAwait(false);
                        searched++;
                    }

                    yield return repository;
                }
            }
        }

        await run.HoldsAsync(index, [new("there", "before"), .. CommonSteps.Many(300)]).ConfigureAwait(false);
    }

    // Its clock stands still, so it never considers a holder silent.
    private static IndexWork Contender(IRegistryIndex index) => new(index, Mark, time: new ManualTime());

    private static async Task ReplaceAsync(CaseRun run, IRegistryIndex index, string? expected, string? replacement, bool succeeds) => Expect.Equal(
        succeeds,
        await index.TryReplaceMarkAsync(Mark, expected, replacement, run.Cancellation).ConfigureAwait(false),
        $"whether {Show.Text(expected)} was replaced by {Show.Text(replacement)}");

    private static async Task IsAsync(CaseRun run, IRegistryIndex index, string? text) =>
        Expect.Equal(text, await index.ReadMarkAsync(Mark, run.Cancellation).ConfigureAwait(false), "the mark");
}
