using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Import (contract 2.5, 2.7).</summary>
internal static class ImportingCases
{
    private const int Long = 2_600;

    // An import that holds more than this at once counts as reading everything.
    private const int MostAtOnce = 10_000;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("an-import-counts-what-it-did", ["2.5"],
            "An import counts each repository of its stream once, as added, updated, unchanged or refused.",
            "A user who runs an import could not tell whether it worked.",
            CountsAsync),
        new("an-import-goes-on-after-a-refused-repository", ["2.5", "1.2", "1.3"],
            "A repository that breaks a rule is counted and reported with the reason, and those before and after it are stored.",
            "One bad row in a million would stop a migration, or be lost without a word.",
            RefusedAsync),
        new("a-refused-repository-takes-no-good-one-with-it", ["2.5", "1.3"],
            "If a stream has a good and a refused repository of one name, the good one is stored, in either order.",
            "A correction that is too long would also lose the good repository.",
            RefusedTwinAsync),
        new("a-stream-is-read-once", ["2.5", "2.11"],
            "An import enumerates its stream once, and lets go of it at the end.",
            "A stream from the network or a pipe cannot be read twice: the second time it is empty, or another.",
            OnceAsync),
        new("refused-and-progress-are-told-one-at-a-time", ["2.5", "2.11"],
            "Refused and Progress are called one at a time, and what Progress counts is stored.",
            "A caller that counts or writes a file in them would need locks, or say that something is safe that is not.",
            OneAtATimeAsync),
        new("progress-tells-what-is-stored", ["2.11"],
            "What Progress has counted is there, also when the import is stopped at that moment.",
            "An import that continues from the last Progress would leave a gap.",
            StoredAsync),
        new("the-later-of-two-with-one-name-wins", ["2.5"],
            "Of several repositories with one name in a stream the last is stored, and each is counted for what it did.",
            "Replayed events would leave an old description behind.",
            LaterAsync),
        new("an-import-never-deletes", ["2.5"],
            "An import does not change repositories that its stream does not contain, even if the stream is empty.",
            "A listing of the registry that came back short would empty the index.",
            NeverDeletesAsync),
        new("a-long-import-is-whole", ["2.5"],
            "All of a stream of thousands is stored, with refused repositories among them.",
            "What a provider writes in portions would lose a portion, or the rows beside a refused one.",
            LongAsync),
        new("an-import-deals-with-its-stream-as-it-comes", ["2.5"],
            "An import does not read its whole stream before it deals with the first repository.",
            "An import of millions would need memory for millions.",
            StreamsAsync),
        new("an-import-reports-its-progress-truly", ["2.5"],
            "Progress never goes back, and never says more than the result.",
            "A progress bar would report repositories that are not stored yet.",
            ProgressAsync),
        new("an-import-that-was-stopped-can-be-run-again", ["2.5", "7.3"],
            "An import that was cancelled, or whose stream failed, leaves whole repositories only, and run again completes.",
            "After a crash the index would stay half filled, or hold half of something.",
            AgainAsync),
        new("imports-at-once-agree-at-rest", ["2.5", "7.4"],
            "Several imports of the same repositories at once store each once, and count it as added once.",
            "Two servers that load the same registry would trip over each other.",
            AtOnceAsync),
        new("an-import-replaces-descriptions", ["2.7", "1.4"],
            "An import replaces descriptions, also by none, unless it keeps descriptions.",
            "An imported correction would not arrive.",
            ReplacesAsync),
        new("an-import-keeps-descriptions-when-told-to", ["2.7"],
            "An import that keeps descriptions leaves a stored description unchanged if the stream has none, and takes every description of the stream.",
            "A load from a source that knows only names would wipe every description.",
            KeepsAsync),
    ];

    private static async Task CountsAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("same", "as it was"), new("same/bare"), new("changed", "before"), new("changed/case", "text")).ConfigureAwait(false);
        Expect.Equal(ImportResult.None, await ImportAsync(run, index, []).ConfigureAwait(false), "import of nothing");
        var result = await ImportAsync(run, index, [new("same", "as it was"), new("new", "first"), new("changed", "after"), new("same/bare"), new("-bad"), new("changed/case", "Text"), new("new/bare")]).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = 2, Updated = 2, Unchanged = 2, Refused = 1 }, result, "import");
        await run.HoldsAsync(index, new("same", "as it was"), new("same/bare"), new("changed", "after"), new("changed/case", "Text"), new("new", "first"), new("new/bare")).ConfigureAwait(false);
        await run.FindsAsync(index, "first", "new").ConfigureAwait(false);
        await run.FindsAsync(index, "before").ConfigureAwait(false);
    }

    private static async Task RefusedAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var refused = new List<RefusedRepository>();
        Repository[] stream = [new("-first"), new("good/1", "a text"), new("no good"), new("long", new string('x', 351)), new("good/2"), new("half", "\ud83d"), new("good/3", "a text"), new("last/")];
        var result = await ImportAsync(run, index, stream, new() { Refused = refused.Add }).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = 3, Refused = 5 }, result, "import");
        Expect.Names(["-first", "no good", "long", "half", "last/"], [.. refused.Select(row => row.Repository.Name)], "what Refused was told");
        foreach (var row in refused)
            Expect.Equal(row.Repository.FindProblem(), row.Reason, $"the reason for {Show.Text(row.Repository.Name)} (that of Repository.FindProblem)");
        Expect.Equal(new ImportResult { Refused = 1 }, await ImportAsync(run, index, [new("-first")]).ConfigureAwait(false), "import of a refused repository without a Refused callback");
        await run.HoldsAsync(index, new("good/1", "a text"), new("good/2"), new("good/3", "a text")).ConfigureAwait(false);
        refused.Clear();
        var kept = await ImportAsync(run, index, [.. stream, new("good/1"), new("good/4")], new() { KeepDescriptions = true, Refused = refused.Add }).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = 1, Unchanged = 4, Refused = 5 }, kept, "import of the same, keeping descriptions");
        Expect.Equal(5, refused.Count, "how often Refused was told");
        await run.HoldsAsync(index, new("good/1", "a text"), new("good/2"), new("good/3", "a text"), new("good/4")).ConfigureAwait(false);
    }

    private static async Task RefusedTwinAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var tooLong = new string('x', RepositoryDescription.MaxCodePoints + 1);
        await run.StoreAsync(index, new Repository("there", "before")).ConfigureAwait(false);
        var result = await ImportAsync(run, index, [new("first", "good"), new("first", tooLong), new("last", "half \ud83d"), new("last", "good"), new("between", "good"), new("between", tooLong), new("between", "better"), new("there", tooLong)]).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = 3, Updated = 1, Refused = 4 }, result, "import");
        await run.HoldsAsync(index, new("first", "good"), new("last", "good"), new("between", "better"), new("there", "before")).ConfigureAwait(false);
    }

    private static async Task OnceAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var (begun, ended) = (0, 0);
        await index.ImportAsync(new Counted(() => begun++, () => ended++, CommonSteps.Many(700)), cancellationToken: run.Cancellation).ConfigureAwait(false);
        Expect.Equal(1, begun, "how often the stream was read");
        Expect.Equal(1, ended, "how often it was let go of");
        await Expect.ThrowsAsync<OperationCanceledException>(() => index.ImportAsync(new Counted(() => begun++, () => ended++, CommonSteps.Many(1)), cancellationToken: new(canceled: true)), "import, cancelled").ConfigureAwait(false);
        Expect.Equal(begun, ended, "how often a stream was let go of that was read by a cancelled import");
        await run.HoldsAsync(index, CommonSteps.Many(700)).ConfigureAwait(false);
    }

    private static async Task OneAtATimeAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var (inside, most, stored) = (0, 0, 0L);
        var (isRefusedCalled, isProgressCalled) = (false, false);
        using var another = new ManualResetEventSlim();
        var progress = new ImmediateProgress(result =>
        {
            Tell(ref isProgressCalled);
            stored = Math.Max(stored, result.Added);
        });
        var stream = CommonSteps.Many(900).SelectMany((repository, i) => i % 3 == 0 ? [new($"bad {i}"), repository] : (Repository[])[repository]);
        await index.ImportAsync(stream.ToAsyncEnumerable(), new() { Refused = _ => Tell(ref isRefusedCalled), Progress = progress }, run.Cancellation).ConfigureAwait(false);
        Expect.Equal(1, most, "how many calls of Refused and Progress there were at once at most");
        Expect.Equal(900L, stored, "how many repositories Progress told in the end");

        // Gives another call time to arrive, and the first call of each kind much of it, because a busy machine starts threads late.
        void Tell(ref bool isCalled)
        {
            var calls = Interlocked.Increment(ref inside);
            most = Math.Max(most, calls);
            if (calls > 1)
                another.Set();
            else
                another.Wait(isCalled ? 1 : 250);
            isCalled = true;
            Interlocked.Decrement(ref inside);
        }
    }

    private static async Task StoredAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var all = CommonSteps.Many(250);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var told = 0L;
        var progress = new ImmediateProgress(result =>
        {
            told = result.Added;
            if (told > 0)
                stop.Cancel();
        });
        try
        {
            await index.ImportAsync(all.ToAsyncEnumerable(), new() { Progress = progress }, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!run.Cancellation.IsCancellationRequested)
        {
            // The import may also have completed before.
        }

        Expect.That(told > 0, "progress that counts the added repositories", "none");
        var there = await run.ListAsync(index).ConfigureAwait(false);
        Expect.That(there.Count >= told, $"at least the {told} repositories that Progress told of, in an import that was stopped then", $"{there.Count}");
        Expect.Repositories([.. all.Where(there.Contains)], there, "list after an import that was stopped: only what the stream held");
    }

    private static async Task LaterAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var result = await ImportAsync(run, index, [new("a", "first"), new("b", "x"), new("a", "second"), new("a", "second"), new("A", "upper"), new("a", "third")]).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = 3, Updated = 2, Unchanged = 1 }, result, "import");
        await run.HoldsAsync(index, new("a", "third"), new("b", "x"), new("A", "upper")).ConfigureAwait(false);
        await run.FindsAsync(index, "first").ConfigureAwait(false);
        await run.FindsAsync(index, "third", "a").ConfigureAwait(false);
    }

    private static async Task NeverDeletesAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("a", "stays"), new("z", "stays")).ConfigureAwait(false);
        await ImportAsync(run, index, []).ConfigureAwait(false);
        await ImportAsync(run, index, [new("m", "comes")]).ConfigureAwait(false);
        await ImportAsync(run, index, [new("-bad")]).ConfigureAwait(false);
        await run.HoldsAsync(index, new("a", "stays"), new("m", "comes"), new("z", "stays")).ConfigureAwait(false);
        await run.FindsAsync(index, "stays", "a", "z").ConfigureAwait(false);
    }

    private static async Task LongAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var good = CommonSteps.Many(Long);
        var refused = 0;
        var stream = good.SelectMany((repository, i) => i % 7 == 0 ? [new($"bad {i}"), repository] : (Repository[])[repository]);
        var result = await ImportAsync(run, index, stream, new() { Refused = _ => refused++ }).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = Long, Refused = (Long + 6) / 7 }, result, "import");
        Expect.Equal((Long + 6) / 7, refused, "how often Refused was told");
        Expect.Repositories(good, await run.ListAsync(index).ConfigureAwait(false), "list");
        await run.FindsAsync(index, "2599", "r2599").ConfigureAwait(false);
    }

    private static async Task StreamsAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var (read, readWhenTold) = (0, 0);
        var result = await index.ImportAsync(Stream(), new() { Refused = _ => readWhenTold = readWhenTold == 0 ? read : readWhenTold }, run.Cancellation).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = 1, Refused = MostAtOnce + 1 }, result, "import");
        Expect.That(readWhenTold <= MostAtOnce, $"the first refused repository to be reported before {MostAtOnce} more are read", $"the report after {readWhenTold} were read");

        async IAsyncEnumerable<Repository> Stream([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            await Task.CompletedTask.ConfigureAwait(false);
            yield return new("good");
            for (read = 1; read <= MostAtOnce + 1 && !cancellation.IsCancellationRequested; read++)
                yield return new("-bad");
        }
    }

    private static async Task ProgressAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var reports = new Reports();
        var result = await ImportAsync(run, index, [.. CommonSteps.Many(300), new("-bad"), .. CommonSteps.Many(300, "again")], new() { Progress = reports }).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = 300, Updated = 300, Refused = 1 }, result, "import");
        var before = ImportResult.None;
        foreach (var report in reports.All)
        {
            Expect.That(report.Added >= before.Added && report.Updated >= before.Updated && report.Unchanged >= before.Unchanged && report.Refused >= before.Refused, $"progress not below {before}", report.ToString());
            before = report;
        }

        Expect.Equal(result, before, "the last progress reported");
    }

    private static async Task AgainAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var all = CommonSteps.Many(400, "text");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        await Expect.ThrowsAsync<OperationCanceledException>(() => index.ImportAsync(StopAt(250, stop.Cancel), cancellationToken: stop.Token), "import, cancelled after 250 repositories").ConfigureAwait(false);
        await WholeAsync().ConfigureAwait(false);
        var broken = await Expect.ThrowsAsync<Exception>(() => index.ImportAsync(StopAt(350, () => throw new FormatException("line 350 is bad")), cancellationToken: run.Cancellation), "import, whose stream fails after 350 repositories").ConfigureAwait(false);
        Expect.That(broken.ToString().Contains("line 350 is bad", StringComparison.Ordinal), "the stream's own error, or one that holds it", Show.Error(broken));
        await WholeAsync().ConfigureAwait(false);
        var result = await ImportAsync(run, index, all).ConfigureAwait(false);
        Expect.Equal(all.Length, (int)(result.Added + result.Unchanged), "how many the last import added or found unchanged");
        await run.HoldsAsync(index, all).ConfigureAwait(false);

        async IAsyncEnumerable<Repository> StopAt(int count, Action action)
        {
            await Task.CompletedTask.ConfigureAwait(false);
            for (var i = 0; i < all.Length; i++)
            {
                if (i == count)
                    action();
                yield return all[i];
            }
        }

        async Task WholeAsync()
        {
            var there = await run.ListAsync(index).ConfigureAwait(false);
            Expect.Repositories([.. all.Where(there.Contains)], there, "list after an import that was stopped: only what the stream held");
            await run.FindsAsync(index, "text", [.. there.Select(repository => repository.Name)]).ConfigureAwait(false);
        }
    }

    private static async Task AtOnceAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var all = CommonSteps.Many(150, "text");
        var results = await run.AtOnceAsync(4, i => ImportAsync(run, index, i % 2 == 0 ? all : all.Reverse())).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = all.Length, Unchanged = 3 * all.Length }, results.Aggregate((sum, result) => sum + result), "the sum of four imports of the same at once");
        await run.HoldsAsync(index, all).ConfigureAwait(false);
        await run.FindsAsync(index, "text", [.. all.Select(repository => repository.Name)]).ConfigureAwait(false);
    }

    private static async Task ReplacesAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("a", "written by hand"), new("b", "written by hand")).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Updated = 2 }, await ImportAsync(run, index, [new("a"), new("b", "by machine")]).ConfigureAwait(false), "import");
        await run.HoldsAsync(index, new("a"), new("b", "by machine")).ConfigureAwait(false);
        await run.FindsAsync(index, "hand").ConfigureAwait(false);
    }

    private static async Task KeepsAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("a", "written by hand"), new("b", "written by hand")).ConfigureAwait(false);
        var keep = new ImportOptions { KeepDescriptions = true };
        Expect.Equal(new ImportResult { Added = 1, Updated = 1, Unchanged = 1 }, await ImportAsync(run, index, [new("a"), new("b", "by machine"), new("c")], keep).ConfigureAwait(false), "import, keeping descriptions");
        await run.HoldsAsync(index, new("a", "written by hand"), new("b", "by machine"), new("c")).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = 1, Updated = 1, Unchanged = 1 }, await ImportAsync(run, index, [new("c", "now known"), new("d", "new"), new("c")], keep).ConfigureAwait(false), "import of one name first with and then without a description");
        await run.HoldsAsync(index, new("a", "written by hand"), new("b", "by machine"), new("c", "now known"), new("d", "new")).ConfigureAwait(false);
        await run.FindsAsync(index, "hand", "a").ConfigureAwait(false);
    }

    private static Task<ImportResult> ImportAsync(CaseRun run, IRegistryIndex index, IEnumerable<Repository> stream, ImportOptions? options = null) =>
        index.ImportAsync(stream.ToAsyncEnumerable(), options, run.Cancellation);

    private sealed class Reports : IProgress<ImportResult>
    {
        private readonly List<ImportResult> _all = [];

        public IReadOnlyList<ImportResult> All
        {
            get
            {
                lock (_all)
                    return [.. _all];
            }
        }

        public void Report(ImportResult value)
        {
            lock (_all)
                _all.Add(value);
        }
    }

    /// <summary>A stream that reports when its reading begins and when its reader disposes of it.</summary>
    private sealed class Counted(Action begin, Action end, IReadOnlyList<Repository> rows) : IAsyncEnumerable<Repository>
    {
        public async IAsyncEnumerator<Repository> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            begin();
            try
            {
                foreach (var row in rows)
                {
                    await Task.CompletedTask.ConfigureAwait(false);
                    yield return row;
                }
            }
            finally
            {
                end();
            }
        }
    }

    /// <summary>Calls the handler in the reporting thread, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class ImmediateProgress(Action<ImportResult> tell) : IProgress<ImportResult>
    {
        public void Report(ImportResult value) => tell(value);
    }
}
