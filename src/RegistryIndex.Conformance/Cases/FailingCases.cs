using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Errors, cancellation and threads (contract 7).</summary>
internal static class FailingCases
{
    internal static readonly Repository Steady = new("team/app", "a text");

    internal static readonly (string Name, string Word, Func<IRegistryIndex, CancellationToken, Task> CallAsync)[] Operations =
    [
        ("initialize", "initialize", (index, cancellation) => index.InitializeAsync(cancellation)),
        ("get", "get", (index, cancellation) => index.GetAsync("team/app", cancellation)),
        ("get of a repository that does not exist", "get", (index, cancellation) => index.GetAsync("nothing", cancellation)),
        ("upsert", "upsert", (index, cancellation) => index.UpsertAsync(new("team/app", "another text"), cancellation)),
        ("upsert of a new one", "upsert", (index, cancellation) => index.UpsertAsync(new("team/new"), cancellation)),
        ("delete", "delete", (index, cancellation) => index.DeleteAsync("team/app", cancellation)),
        ("list", "list", async (index, cancellation) => await index.ListAsync(cancellationToken: cancellation).ToListAsync(CancellationToken.None).ConfigureAwait(false)),
        ("list of some", "list", async (index, cancellation) => await index.ListAsync(null, 5, cancellation).ToListAsync(CancellationToken.None).ConfigureAwait(false)),
        ("scan", "scan", async (index, cancellation) => await index.ScanAsync(cancellationToken: cancellation).ToListAsync(CancellationToken.None).ConfigureAwait(false)),
        ("search", "search", (index, cancellation) => index.SearchAsync(new("text"), cancellation)),
        ("search for nothing", "search", (index, cancellation) => index.SearchAsync(new(""), cancellation)),
        ("import", "import", (index, cancellation) => index.ImportAsync(((Repository[])[new("team/app", "another text"), new("team/new")]).ToAsyncEnumerable(), cancellationToken: cancellation)),
        ("status", "status", (index, cancellation) => index.GetStatusAsync(cancellation)),
        ("read a mark", "read mark", (index, cancellation) => index.ReadMarkAsync("first-load", cancellation)),
        ("replace a mark", "replace mark", (index, cancellation) => index.TryReplaceMarkAsync("first-load", "begun", "done", cancellation)),
    ];

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-missing-argument-is-an-argument-error", ["7.1"],
            "A null name, repository, request or stream is an ArgumentException, and changes nothing.",
            "A mistake in a program would come out as a riddle, or as a failure of the store.",
            NullAsync),
        new("a-failing-store-is-one-kind-of-error", ["7.1", "7.2"],
            "While the store fails, every operation is a RegistryIndexException that names provider and operation; never an empty answer.",
            "A server could not tell 'nothing found' from 'cannot say', and would show an empty registry.",
            StoreAsync, Capability.StoreFailures),
        new("an-error-names-the-operation-that-failed", ["7.5"],
            "The operation of a RegistryIndexException is the contract's word for the member that was called, such as get, upsert or read mark.",
            "Logs, and counts of failures by operation, would have some under names of the provider's own.",
            OperationAsync, Capability.StoreFailures),
        new("a-failure-comes-by-the-task", ["7.6", "7.3"],
            "But for argument errors nothing is thrown by the call itself: it comes by the task, or when the list is enumerated.",
            "A caller that starts several calls and then waits for them would lose the others, or leave them running.",
            ByTaskAsync),
        new("a-store-that-is-back-is-used-again", ["7.1"],
            "When the store is back, the same index works, and nothing that was there is lost.",
            "After a hiccup of the store servers would have to be restarted.",
            MendedAsync, Capability.StoreFailures),
        new("a-list-whose-store-fails-is-no-short-list", ["7.2"],
            "A list whose store fails on the way is an error, unless it yields everything.",
            "An export would look complete and be half, and a sync that compares with it would delete the other half.",
            ListAsync, Capability.StoreFailures),
        new("an-import-whose-store-fails-is-an-error", ["7.1", "7.2", "2.5"],
            "An import whose store fails on the way is an error, and run again it completes.",
            "A load would look done with half of the registry missing.",
            ImportAsync, Capability.StoreFailures),
        new("a-cancelled-call-is-cancelled", ["7.3"],
            "Every operation called with a cancelled token is an OperationCanceledException and changes nothing.",
            "A server that shuts down would wait for work that is no longer needed.",
            CancelledAsync),
        new("a-list-can-be-cancelled-on-the-way", ["7.3"],
            "A long list ends with an OperationCanceledException soon after its token is cancelled.",
            "A client that has gone would be served to the end.",
            CancelledListAsync),
        new("a-list-honours-the-token-of-its-enumerator", ["7.3"],
            "A list or scan ends with an OperationCanceledException when the token that WithCancellation gave it is cancelled.",
            "Code that is handed a list can cancel it in no other way.",
            EnumeratorTokenAsync),
        new("an-import-can-be-cancelled-on-the-way", ["7.3", "2.5"],
            "An endless import ends with an OperationCanceledException when its token is cancelled, also if every repository of it is refused.",
            "A load could only be stopped by killing it.",
            CancelledImportAsync),
        new("many-threads-share-an-index", ["7.4"],
            "Upserts, deletes, gets, lists, searches, imports and marks of many threads on one object all succeed, and at rest everything agrees.",
            "A server under load would fail in ways that cannot be repeated.",
            ThreadsAsync),
        new("many-threads-share-what-one-gives", ["7.4", "5.7"],
            "Many threads that search while one writes see the repository as it was before the write or as it is after it, or miss it, and never see a part of the write.",
            "Searches would show half of a change: a name with the text of another time.",
            WholeAsync),
    ];

    private static async Task NullAsync(CaseRun run)
    {
        var index = await PrepareAsync(run).ConfigureAwait(false);
        await Expect.ThrowsAsync<ArgumentException>(() => index.GetAsync(null!, run.Cancellation), "get null").ConfigureAwait(false);
        await Expect.ThrowsAsync<ArgumentException>(() => index.UpsertAsync(null!, run.Cancellation), "upsert null").ConfigureAwait(false);
        await Expect.ThrowsAsync<ArgumentException>(() => index.DeleteAsync(null!, run.Cancellation), "delete null").ConfigureAwait(false);
        await Expect.ThrowsAsync<ArgumentException>(() => index.SearchAsync(null!, run.Cancellation), "search null").ConfigureAwait(false);
        await Expect.ThrowsAsync<ArgumentException>(() => index.ImportAsync(null!, cancellationToken: run.Cancellation), "import null").ConfigureAwait(false);
        await UnchangedAsync(run, index).ConfigureAwait(false);
    }

    private static async Task StoreAsync(CaseRun run)
    {
        var index = await PrepareAsync(run).ConfigureAwait(false);
        await BreakAsync(run).ConfigureAwait(false);
        foreach (var (name, _, callAsync) in Operations)
        {
            var error = await Expect.ThrowsAsync<RegistryIndexException>(() => callAsync(index, run.Cancellation), $"{name}, while the store fails").ConfigureAwait(false);
            Expect.Equal(index.Provider, error.Provider, $"the provider in the error of {name}");
            Expect.That(!string.IsNullOrWhiteSpace(error.Operation), $"an operation in the error of {name}", Show.Text(error.Operation));
        }

        await MendAsync(run).ConfigureAwait(false);
    }

    private static async Task OperationAsync(CaseRun run)
    {
        var index = await PrepareAsync(run).ConfigureAwait(false);
        await BreakAsync(run).ConfigureAwait(false);
        foreach (var (name, word, callAsync) in Operations)
        {
            var error = await Expect.ThrowsAsync<RegistryIndexException>(() => callAsync(index, run.Cancellation), $"{name}, while the store fails").ConfigureAwait(false);
            Expect.Equal(word == "scan" && error.Operation == "list" ? "list" : word, error.Operation, $"the operation in the error of {name}");
        }

        await MendAsync(run).ConfigureAwait(false);
    }

    private static async Task ByTaskAsync(CaseRun run)
    {
        var index = (RecordedIndex)await PrepareAsync(run).ConfigureAwait(false);
        foreach (var (name, _, callAsync) in Operations)
            await Expect.ThrowsAsync<OperationCanceledException>(() => Called(name, () => callAsync(index.Inner, new(canceled: true))), $"{name}, cancelled").ConfigureAwait(false);
        foreach (var (name, callAsync) in ((string, Func<IAsyncEnumerable<Repository>>)[])
            [("list", () => index.Inner.ListAsync(null, new(canceled: true))), ("list of some", () => index.Inner.ListAsync(null, 5, new(canceled: true))), ("scan", () => index.Inner.ScanAsync(cancellationToken: new(canceled: true)))])
            _ = Called(name, callAsync);
        if (run.Can(Capability.StoreFailures))
        {
            await BreakAsync(run).ConfigureAwait(false);
            foreach (var (name, _, callAsync) in Operations)
                await Expect.ThrowsAsync<RegistryIndexException>(() => Called(name, () => callAsync(index.Inner, run.Cancellation)), $"{name}, while the store fails").ConfigureAwait(false);
            foreach (var (name, callAsync) in ((string, Func<IAsyncEnumerable<Repository>>)[])
                [("list", () => index.Inner.ListAsync(null, run.Cancellation)), ("list of some", () => index.Inner.ListAsync(null, 5, run.Cancellation)), ("scan", () => index.Inner.ScanAsync(cancellationToken: run.Cancellation))])
                _ = Called(name, callAsync);
            await MendAsync(run).ConfigureAwait(false);
        }

        await UnchangedAsync(run, index).ConfigureAwait(false);

        T Called<T>(string name, Func<T> call)
        {
            try
            {
                run.Journal.Add(name);
                return call();
            }
            catch (Exception error)
            {
                throw new ExpectationException($"{name}: an error that comes by the task, or when the list is enumerated", $"thrown by the call itself: {Show.Error(error)}");
            }
        }
    }

    private static async Task MendedAsync(CaseRun run)
    {
        var index = await PrepareAsync(run).ConfigureAwait(false);
        for (var round = 0; round < 2; round++)
        {
            await BreakAsync(run).ConfigureAwait(false);
            foreach (var (name, _, callAsync) in Operations)
                await Expect.ThrowsAsync<RegistryIndexException>(() => callAsync(index, run.Cancellation), $"{name}, while the store fails").ConfigureAwait(false);
            await MendAsync(run).ConfigureAwait(false);
            await UnchangedAsync(run, index).ConfigureAwait(false);
            Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(new("new", "text"), run.Cancellation).ConfigureAwait(false), "upsert when the store is back");
            await run.FindsAsync(index, "text", "new", "team/app").ConfigureAwait(false);
            await index.DeleteAsync("new", run.Cancellation).ConfigureAwait(false);
        }
    }

    private static async Task ListAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var all = CommonSteps.Many(1_300);
        await run.FillAsync(index, all).ConfigureAwait(false);
        var listed = new List<Repository>();
        try
        {
            await foreach (var repository in index.ListAsync(cancellationToken: run.Cancellation).ConfigureAwait(false))
            {
                if (listed.Count == 0)
                    await BreakAsync(run).ConfigureAwait(false);
                listed.Add(repository);
            }

            Expect.Repositories(all, listed, "a list that did not fail, while the store did");
        }
        catch (RegistryIndexException)
        {
            Expect.Repositories(all[..listed.Count], listed, "a list up to its error");
        }

        Expect.That(listed.Count > 0, "a list before the store failed", "nothing");
        await MendAsync(run).ConfigureAwait(false);
        Expect.Repositories(all, await run.ListAsync(index).ConfigureAwait(false), "a list when the store is back");
    }

    private static async Task ImportAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var all = CommonSteps.Many(300, "text");
        await Expect.ThrowsAsync<RegistryIndexException>(() => index.ImportAsync(Stream(), cancellationToken: run.Cancellation), "import, while the store fails after 150 repositories").ConfigureAwait(false);
        await MendAsync(run).ConfigureAwait(false);
        var result = await index.ImportAsync(all.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        Expect.Equal(all.Length, (int)(result.Added + result.Unchanged), "how many an import added or found unchanged when the store is back");
        await run.HoldsAsync(index, all).ConfigureAwait(false);
        await run.FindsAsync(index, "text", [.. all.Select(repository => repository.Name)]).ConfigureAwait(false);

        async IAsyncEnumerable<Repository> Stream()
        {
            for (var i = 0; i < all.Length; i++)
            {
                if (i == 150)
                    await BreakAsync(run).ConfigureAwait(false);
                yield return all[i];
            }
        }
    }

    private static async Task CancelledAsync(CaseRun run)
    {
        var index = await PrepareAsync(run).ConfigureAwait(false);
        foreach (var (name, _, callAsync) in Operations)
            await Expect.ThrowsAsync<OperationCanceledException>(() => callAsync(index, new(canceled: true)), $"{name}, cancelled").ConfigureAwait(false);
        await UnchangedAsync(run, index).ConfigureAwait(false);
    }

    private static async Task CancelledListAsync(CaseRun run)
    {
        // The list may finish a portion that it has already read, but it must not read on to the end.
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.FillAsync(index, CommonSteps.Many(1_300)).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var listed = 0;
        await Expect.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var repository in index.ListAsync(cancellationToken: stop.Token).ConfigureAwait(false))
            {
                if (++listed == 5)
                    await stop.CancelAsync().ConfigureAwait(false);
            }
        }, "a list of 1300, cancelled after the fifth").ConfigureAwait(false);
        Expect.That(listed >= 5, "five repositories before the cancellation", $"{listed}");
    }

    private static async Task EnumeratorTokenAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.FillAsync(index, CommonSteps.Many(1_300)).ConfigureAwait(false);
        foreach (var (name, list) in ((string, IAsyncEnumerable<Repository>)[])[("list", index.ListAsync(cancellationToken: CancellationToken.None)), ("list of 1300", index.ListAsync(null, 1_300, CancellationToken.None)), ("scan", index.ScanAsync(cancellationToken: CancellationToken.None))])
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
            var listed = 0;
            await Expect.ThrowsAsync<OperationCanceledException>(async () =>
            {
                await foreach (var repository in list.WithCancellation(stop.Token).ConfigureAwait(false))
                {
                    if (++listed == 5)
                        await stop.CancelAsync().ConfigureAwait(false);
                }
            }, $"a {name}, whose enumerator's token is cancelled after the fifth").ConfigureAwait(false);
        }
    }

    private static async Task CancelledImportAsync(CaseRun run)
    {
        var index = await PrepareAsync(run).ConfigureAwait(false);
        foreach (var (what, repository) in ((string, Repository)[])[("an endless import, cancelled", Steady), ("an endless import of refused repositories, cancelled", new("-bad"))])
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
            await Expect.ThrowsAsync<OperationCanceledException>(() => index.ImportAsync(Endless(repository, stop, CancellationToken.None), cancellationToken: stop.Token), what).ConfigureAwait(false);
            await UnchangedAsync(run, index).ConfigureAwait(false);
        }

        // The stream does not check the token itself: that is the provider's task.
        static async IAsyncEnumerable<Repository> Endless(Repository repository, CancellationTokenSource stop, [EnumeratorCancellation] CancellationToken never)
        {
            _ = never;
            for (var read = 1; read <= 50_000; read++)
            {
                if (read == 100)
                    await stop.CancelAsync().ConfigureAwait(false);
                yield return repository;
            }

            throw new ExpectationException("the import to end when its token is cancelled", "50000 more repositories read from its stream");
        }
    }

    private static async Task ThreadsAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.AtOnceAsync(10, async i =>
        {
            var data = new RandomData(unchecked((run.Seed * 100) + i));
            for (var step = 0; step < 12; step++)
            {
                var name = $"app/{data.Next(6)}";
                await (data.Next(8) switch
                {
                    < 3 => index.UpsertAsync(new(name, $"text {data.Next(3)}"), run.Cancellation),
                    3 => index.DeleteAsync(name, run.Cancellation),
                    4 => index.SearchAsync(new("text"), run.Cancellation),
                    5 => run.ListAsync(index),
                    6 => index.ImportAsync(((Repository[])[new(name, "text 9"), new("app/x")]).ToAsyncEnumerable(), cancellationToken: run.Cancellation),
                    _ => (Task)index.TryReplaceMarkAsync("first-load", await index.ReadMarkAsync("first-load", run.Cancellation).ConfigureAwait(false), $"mark {i}", run.Cancellation),
                }).ConfigureAwait(false);
            }

            return true;
        }).ConfigureAwait(false);
        await run.AgreesWithItselfAsync(index).ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("last", "text")).ConfigureAwait(false);
        Expect.Equal(new Repository("last", "text"), await index.GetAsync("last", run.Cancellation).ConfigureAwait(false), "get of the last written repository");
    }

    private static async Task WholeAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("team/app", "even always")).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var writer = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                await index.UpsertAsync(new("team/app", i % 2 == 0 ? "odd always" : "even always"), run.Cancellation).ConfigureAwait(false);
        }, run.Cancellation);
        try
        {
            await run.AtOnceAsync(4, async i =>
            {
                for (var round = 0; round < 15; round++)
                {
                    var query = i % 2 == 0 ? "team" : "even";
                    var found = (await index.SearchAsync(new(query), run.Cancellation).ConfigureAwait(false)).Repositories;
                    // A search may miss a repository while it changes. What it shows must have been stored, and must match.
                    var whole = found is [] or [{ Name: "team/app", Description: "even always" }] || (query == "team" && found is [{ Name: "team/app", Description: "odd always" }]);
                    Expect.That(whole, $"search {Show.Text(query)} while the text changes from 'odd always' to 'even always' and back: the repository as it was at one moment, or nothing", Show.Repositories(found));
                }

                return true;
            }).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await writer.ConfigureAwait(false);
        }

        await run.FindsAsync(index, "always", "team/app").ConfigureAwait(false);
        await run.AgreesWithItselfAsync(index).ConfigureAwait(false);
    }

    internal static async Task<IRegistryIndex> PrepareAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, Steady).ConfigureAwait(false);
        await index.TryReplaceMarkAsync("first-load", null, "begun", run.Cancellation).ConfigureAwait(false);
        return index;
    }

    internal static async Task UnchangedAsync(CaseRun run, IRegistryIndex index)
    {
        await run.HoldsAsync(index, Steady).ConfigureAwait(false);
        await run.FindsAsync(index, "text", Steady.Name).ConfigureAwait(false);
        Expect.Equal("begun", await index.ReadMarkAsync("first-load", run.Cancellation).ConfigureAwait(false), "the mark");
    }

    internal static Task BreakAsync(CaseRun run) => run.WithScratchAsync("break the store", scratch => scratch.BreakAsync(run.Cancellation));

    internal static Task MendAsync(CaseRun run) => run.WithScratchAsync("mend the store", scratch => scratch.MendAsync(run.Cancellation));
}
