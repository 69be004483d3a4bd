using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Effects of several processes, and of several calls of one process, on each other (contract 2, 5.7, 7.4).</summary>
internal static class SharingCases
{
    private const int Long = 1_300;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("imports-in-several-processes-agree-at-rest", ["2.5", "7.4"],
            "Several processes that import the same repositories at once store each once, and count it as added once.",
            "Two servers that load the same registry would trip over each other; a lock in one process does not help.",
            ImportsAsync, Capability.SeveralProcesses),
        new("a-list-misses-nothing-while-rows-are-updated", ["2.4"],
            "Repositories whose descriptions another process changes during a list are yielded exactly once.",
            "A row that moves when it is written would be missing from an export, or be in it twice.",
            UpdatedListAsync, Capability.SeveralProcesses),
        new("an-import-that-keeps-descriptions-takes-none-back", ["2.7", "2.1"],
            "A description that another process writes while an import runs is left alone by an import that keeps descriptions and has none for it.",
            "A load from a source that knows only names would undo another process's last write.",
            KeepsAsync, Capability.SeveralProcesses),
        new("a-search-sees-what-another-process-removed", ["5.7", "2.3", "2.12"],
            "What another process has deleted or changed is gone from the next search, also from one that was made before.",
            "A cache that only its own writes empty would show repositories that are gone.",
            RemovedAsync, Capability.SeveralProcesses),
        new("a-reader-in-another-process-sees-what-is-whole", ["2.12", "2.1"],
            "While one process changes a repository, another that gets or lists it sees it whole, as before or after the change; a search may miss it. A get never sees it older than the last completed write.",
            "Beside a server that writes, another would show half of a change, or an old text.",
            ReadersAsync, Capability.SeveralProcesses),
        new("the-status-counts-what-another-process-wrote", ["2.8", "2.12"],
            "A count that is not an estimate includes repositories that another process added, and not those that it deleted.",
            "A count that is kept in memory would be wrong as soon as there are two servers.",
            StatusAsync, Capability.SeveralProcesses),
        new("searches-at-once-keep-apart", ["7.4"],
            "Many different searches of one object at once each find what they ask for.",
            "Searches that share a buffer would show one user what another has looked for.",
            SearchesAsync),
        new("an-object-is-initialized-at-once", ["6.1", "7.4"],
            "Many calls of initialize at once on one object all succeed.",
            "A host that initializes at its start and at its first request would fail by chance.",
            InitializeAsync),
        new("lists-that-are-left-early-leave-nothing-behind", ["2.4", "7.4"],
            "After hundreds of lists and scans that were left after their first repository, lists, searches and writes go on.",
            "Each reader that stops would keep a connection or a lock, until the server stands still.",
            LeftAsync),
    ];

    private static async Task ImportsAsync(CaseRun run)
    {
        var processes = await run.OpenSeveralAsync(3).ConfigureAwait(false);
        var all = CommonSteps.Many(150, "text");
        var results = await run.AtOnceAsync(processes.Length, i => processes[i].ImportAsync((i % 2 == 0 ? all : all.Reverse()).ToAsyncEnumerable(), cancellationToken: run.Cancellation)).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = all.Length, Unchanged = (processes.Length - 1) * all.Length }, results.Aggregate((sum, result) => sum + result), $"the sum of {processes.Length} imports of the same at once");
        foreach (var process in processes)
        {
            await run.HoldsAsync(process, all).ConfigureAwait(false);
            await run.FindsAsync(process, "text", [.. all.Select(repository => repository.Name)]).ConfigureAwait(false);
        }
    }

    private static async Task UpdatedListAsync(CaseRun run)
    {
        var (index, other) = (await run.OpenAsync().ConfigureAwait(false), await run.OpenAsync().ConfigureAwait(false));
        var all = CommonSteps.Many(Long, "before");
        await run.FillAsync(index, all).ConfigureAwait(false);
        var listed = new List<string>();
        await foreach (var repository in index.ListAsync(cancellationToken: run.Cancellation).ConfigureAwait(false))
        {
            listed.Add(repository.Name);
            if (listed.Count % 50 == 0)
                await run.StoreAsync(other, new(all[listed.Count - 30].Name, "after"), new(all[Math.Min(listed.Count + 30, Long - 1)].Name, "after")).ConfigureAwait(false);
        }

        Expect.Names([.. all.Select(repository => repository.Name)], listed, "a list during which descriptions were changed");
    }

    private static async Task KeepsAsync(CaseRun run)
    {
        var (index, other) = (await run.OpenAsync().ConfigureAwait(false), await run.OpenAsync().ConfigureAwait(false));
        await run.StoreAsync(index, new("changed", "before"), new("new-text"), new("steady", "as it was")).ConfigureAwait(false);
        await index.ImportAsync(Stream(), new() { KeepDescriptions = true }, run.Cancellation).ConfigureAwait(false);
        await run.HoldsAsync(index, new("changed", "after"), new("new-text", "just written"), new("steady", "as it was"), new("last")).ConfigureAwait(false);
        await run.FindsAsync(index, "before").ConfigureAwait(false);
        await run.FindsAsync(index, "just", "new-text").ConfigureAwait(false);

        async IAsyncEnumerable<Repository> Stream()
        {
            yield return new("changed");
            yield return new("new-text");
            yield return new("steady");
            await run.StoreAsync(other, new("changed", "after"), new("new-text", "just written")).ConfigureAwait(false);
            yield return new("last");
        }
    }

    private static async Task RemovedAsync(CaseRun run)
    {
        var (index, other) = (await run.OpenAsync().ConfigureAwait(false), await run.OpenAsync().ConfigureAwait(false));
        await run.StoreAsync(index, new("app/one", "a text"), new("app/two", "a text"), new("app/three", "a text")).ConfigureAwait(false);
        for (var i = 0; i < 3; i++)
            await WalkAsync("app/one", "app/two", "app/three").ConfigureAwait(false);
        Expect.Equal(new("app/two", "a text"), await index.GetAsync("app/two", run.Cancellation).ConfigureAwait(false), "get app/two");
        Expect.Equal(true, await other.DeleteAsync("app/two", run.Cancellation).ConfigureAwait(false), "delete app/two in another process");
        await WalkAsync("app/one", "app/three").ConfigureAwait(false);
        await run.StoreAsync(other, new Repository("app/three", "something else")).ConfigureAwait(false);
        await run.FindsAsync(index, "text", "app/one").ConfigureAwait(false);
        await run.FindsAsync(index, "app", "app/one", "app/three").ConfigureAwait(false);
        await run.HoldsAsync(index, new("app/one", "a text"), new("app/three", "something else")).ConfigureAwait(false);

        // By pages of all sizes, by the list and by a scan.
        async Task WalkAsync(params string[] names)
        {
            foreach (var limit in (int[])[1, 2, SearchRequest.DefaultLimit])
                Expect.Names(names, [.. (await ResultPages.AllAsync(index, "text", limit, run.Cancellation).ConfigureAwait(false)).Select(r => r.Name)], $"search \"text\" with pages of {limit}");
            await run.HoldsAsync(index, names.Select(name => new Repository(name, "a text"))).ConfigureAwait(false);
            var scanned = await index.ScanAsync(cancellationToken: run.Cancellation).Select(r => r.Name).ToListAsync(run.Cancellation).ConfigureAwait(false);
            Expect.Names([.. names.Order(CodePointOrder.Comparer)], [.. scanned.Order(CodePointOrder.Comparer)], "scan, in name order");
        }
    }

    private static async Task ReadersAsync(CaseRun run)
    {
        const int Changes = 8;
        var (writer, reader) = (await run.OpenAsync().ConfigureAwait(false), await run.OpenAsync().ConfigureAwait(false));
        var (begun, returned) = (0, 0);
        using var hasRead = new SemaphoreSlim(0);
        await run.StoreAsync(writer, Version(0)).ConfigureAwait(false);
        await run.AtOnceAsync(2, i => i == 0 ? WriteAsync() : ReadAsync()).ConfigureAwait(false);
        foreach (var process in (IRegistryIndex[])[writer, reader])
            await run.HoldsAsync(process, Version(Changes)).ConfigureAwait(false);

        static Repository Version(int number) => new("team/app", $"always {number} and again {number}");

        async Task<bool> WriteAsync()
        {
            try
            {
                for (var change = 1; change <= Changes; change++)
                {
                    await hasRead.WaitAsync(run.Cancellation).ConfigureAwait(false); // so that the reader sees each change, however fast it is
                    Volatile.Write(ref begun, change);
                    await writer.UpsertAsync(Version(change), run.Cancellation).ConfigureAwait(false);
                    Volatile.Write(ref returned, change);
                }
            }
            finally
            {
                Volatile.Write(ref returned, Changes); // also after a failure, so that the reader ends
            }

            return true;
        }

        async Task<bool> ReadAsync()
        {
            try
            {
                while (Volatile.Read(ref returned) < Changes)
                {
                    var least = Volatile.Read(ref returned);
                    var got = await reader.GetAsync("team/app", run.Cancellation).ConfigureAwait(false);
                    Expect.That(IsVersion(got, least), $"get of team/app as written since {Show.Repository(Version(least))}", Show.Repository(got));
                    var listed = await run.ListAsync(reader).ConfigureAwait(false);
                    Expect.That(listed is [var one] && IsVersion(one, 0), "a list of team/app as it was at one moment", Show.Repositories(listed));
                    var found = (await reader.SearchAsync(new("team"), run.Cancellation).ConfigureAwait(false)).Repositories;
                    Expect.That(found is [] || (found is [var hit] && IsVersion(hit, 0)), "a search that finds team/app as it was at one moment", Show.Repositories(found)); // while it changes it may be missed
                    if (hasRead.CurrentCount == 0)
                        hasRead.Release();
                }
            }
            finally
            {
                hasRead.Release(Changes); // also after a failure, so that the writer ends
            }

            return true;
        }

        bool IsVersion(Repository? repository, int least) =>
            repository is not null && Enumerable.Range(least, Volatile.Read(ref begun) - least + 1).Any(number => repository == Version(number));
    }

    private static async Task StatusAsync(CaseRun run)
    {
        var (index, other) = (await run.OpenAsync().ConfigureAwait(false), await run.OpenAsync().ConfigureAwait(false));
        await run.StoreAsync(index, new("a"), new("b")).ConfigureAwait(false);
        await CountsAsync(2).ConfigureAwait(false);
        await run.StoreAsync(other, new("c"), new("d"), new("a", "changed")).ConfigureAwait(false);
        await CountsAsync(4).ConfigureAwait(false);
        await other.DeleteAsync("a", run.Cancellation).ConfigureAwait(false);
        await other.ImportAsync(((Repository[])[new("e"), new("b")]).ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        await CountsAsync(4).ConfigureAwait(false);

        async Task CountsAsync(long expected)
        {
            var status = await index.GetStatusAsync(run.Cancellation).ConfigureAwait(false);
            Expect.That(status.IsEstimate || status.Repositories == expected, $"a status of {expected} repositories, or an estimate", status.ToString());
        }
    }

    private static async Task SearchesAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"];
        var all = words.SelectMany(word => Enumerable.Range(0, 6).Select(i => new Repository($"{word}/{i}", $"the {word}"))).ToList();
        await run.FillAsync(index, all).ConfigureAwait(false);
        await run.AtOnceAsync(words.Length, async i =>
        {
            for (var round = 0; round < 8; round++)
            {
                var word = words[(i + round) % words.Length];
                var found = await ResultPages.AllAsync(index, round % 2 == 0 ? word : $"the {word}", 4, run.Cancellation).ConfigureAwait(false);
                Expect.Repositories([.. all.Where(repository => repository.Name.StartsWith(word, StringComparison.Ordinal))], found, $"search {Show.Text(word)}, while others are searched for");
            }

            return true;
        }).ConfigureAwait(false);
    }

    private static async Task InitializeAsync(CaseRun run)
    {
        var index = await run.OpenBareAsync().ConfigureAwait(false);
        for (var round = 0; round < 2; round++)
        {
            await run.AtOnceAsync(8, async _ =>
            {
                await index.InitializeAsync(run.Cancellation).ConfigureAwait(false);
                return await index.GetAsync("app", run.Cancellation).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }

        await run.StoreAsync(index, new Repository("app", "a text")).ConfigureAwait(false);
        await run.HoldsAsync(index, new Repository("app", "a text")).ConfigureAwait(false);
    }

    private static async Task LeftAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var all = CommonSteps.Many(30, "text");
        await run.FillAsync(index, all).ConfigureAwait(false);
        for (var i = 0; i < 150; i++)
        {
            await LeaveAsync(index.ListAsync(cancellationToken: run.Cancellation)).ConfigureAwait(false);
            await LeaveAsync(index.ScanAsync(cancellationToken: run.Cancellation)).ConfigureAwait(false);
        }

        Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(new("z"), run.Cancellation).ConfigureAwait(false), "upsert after many lists that were left");
        await run.AtOnceAsync(12, _ => run.ListAsync(index)).ConfigureAwait(false);
        await run.HoldsAsync(index, [.. all, new("z")]).ConfigureAwait(false);

        static async Task LeaveAsync(IAsyncEnumerable<Repository> list)
        {
            await foreach (var one in list.ConfigureAwait(false))
            {
                _ = one;
                return;
            }
        }
    }
}
