using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Initialize (contract 6.1 to 6.3).</summary>
internal static class InitializingCases
{
    private static readonly Repository[] Some = [new("App"), new("team/app", "a text"), new("zoo", "日本語")];

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("initialize-makes-an-empty-index", ["6.2"],
            "Initialize makes an index that works and holds nothing.",
            "No application could start.",
            EmptyAsync),
        new("initialize-can-be-called-again", ["6.1"],
            "Initialize called again, by the same object, changes nothing.",
            "A second start would fail, or empty the index.",
            AgainAsync),
        new("an-index-outlives-its-process", ["6.1", "6.2"],
            "A process that opens and initializes the index later sees everything that was written, including marks.",
            "Every restart would begin from nothing.",
            RestartAsync, Capability.SeveralProcesses),
        new("many-processes-initialize-at-once", ["6.1"],
            "Many processes can initialize a new index at once, and again while others write and search.",
            "Of several servers that start together only one would come up.",
            AtOnceAsync, Capability.SeveralProcesses),
        new("rows-of-a-predecessor-are-adopted", ["6.2", "3.7"],
            "The data of a predecessor is searched, listed and changed like other data, and another initialization does not bring deleted rows back.",
            "Users who move to this index would have to load everything again, or lose the descriptions.",
            AdoptionAsync, Capability.Predecessor),
        new("what-was-adopted-is-not-adopted-again", ["6.1", "6.2", "2.8"],
            "Rows that were deleted or changed after their adoption stay so when another process starts, and each adopted row is counted once.",
            "Every restart of a server would bring back what people have deleted.",
            AdoptedOnceAsync, Capability.Predecessor, Capability.SeveralProcesses),
        new("a-predecessor-s-long-text-is-found-as-it-is-shown", ["6.8", "1.5"],
            "A predecessor's description that is too long is read, found and listed as it was stored, or everywhere as RepositoryDescription.FromIngest converts it.",
            "People would be shown a text that they cannot find, or find one that they are not shown.",
            AdoptedTextAsync, Capability.Predecessor),
        new("what-is-not-the-index-s-is-left-alone", ["6.2"],
            "Other data in the store does not change by initialize, writes and deletes.",
            "An index in a shared database would damage its neighbours.",
            ForeignAsync, Capability.ForeignData),
        new("an-unknown-schema-is-refused", ["6.3"],
            "An unknown schema version is an error that names the version found and the version expected, and says that a retry does not help.",
            "An old version would write into the tables of a newer one.",
            UnknownSchemaAsync, Capability.UnknownSchema),
        new("reading-creates-nothing", ["6.6"],
            "An index that is opened for reading is read without changes. If it does not exist, it reports that and creates nothing.",
            "A user who only reads would leave an empty index behind, and a typing error in a setting would look like lost data.",
            ReadingAsync, Capability.SeveralProcesses),
        new("a-predecessor-s-rows-are-read-and-not-adopted", ["6.6"],
            "An index that is opened for reading lists the data of a predecessor, and does not change it.",
            "People who only compare before they move over would find their old index changed.",
            ReadingPredecessorAsync, Capability.Predecessor),
    ];

    private static async Task EmptyAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.HoldsAsync(index).ConfigureAwait(false);
        await run.FindsAsync(index, "anything").ConfigureAwait(false);
        Expect.Equal(null, await index.GetAsync("anything", run.Cancellation).ConfigureAwait(false), "get");
        Expect.Equal(false, await index.DeleteAsync("anything", run.Cancellation).ConfigureAwait(false), "delete");
        Expect.Equal(null, await index.ReadMarkAsync("first-load", run.Cancellation).ConfigureAwait(false), "a mark");
        Expect.Equal(0, (await index.GetStatusAsync(run.Cancellation).ConfigureAwait(false)).Repositories, "how many repositories the status counts");
        await run.StoreAsync(index, Some).ConfigureAwait(false);
        await run.HoldsAsync(index, Some).ConfigureAwait(false);
    }

    private static async Task AgainAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await index.InitializeAsync(run.Cancellation).ConfigureAwait(false);
        await run.StoreAsync(index, Some).ConfigureAwait(false);
        await index.TryReplaceMarkAsync("first-load", null, "begun", run.Cancellation).ConfigureAwait(false);
        for (var i = 0; i < 3; i++)
        {
            await index.InitializeAsync(run.Cancellation).ConfigureAwait(false);
            await run.HoldsAsync(index, Some).ConfigureAwait(false);
        }

        await run.FindsAsync(index, "text", "team/app").ConfigureAwait(false);
        Expect.Equal("begun", await index.ReadMarkAsync("first-load", run.Cancellation).ConfigureAwait(false), "the mark");
    }

    private static async Task RestartAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, Some).ConfigureAwait(false);
        await index.TryReplaceMarkAsync("first-load", null, "begun", run.Cancellation).ConfigureAwait(false);
        var later = await run.OpenAsync().ConfigureAwait(false);
        await run.HoldsAsync(later, Some).ConfigureAwait(false);
        await run.FindsAsync(later, "text", "team/app").ConfigureAwait(false);
        await run.FindsAsync(later, "本", "zoo").ConfigureAwait(false);
        Expect.Equal("begun", await later.ReadMarkAsync("first-load", run.Cancellation).ConfigureAwait(false), "the mark");
        Expect.Equal(UpsertOutcome.Unchanged, await later.UpsertAsync(Some[1], run.Cancellation).ConfigureAwait(false), "upsert of a repository that exists");
    }

    private static async Task AtOnceAsync(CaseRun run)
    {
        var indexes = new List<IRegistryIndex>();
        for (var i = 0; i < 6; i++)
            indexes.Add(await run.OpenBareAsync().ConfigureAwait(false));
        await run.AtOnceAsync(indexes.Count, i => InitializeAsync(indexes[i])).ConfigureAwait(false);
        await run.AtOnceAsync(indexes.Count, i => indexes[i].UpsertAsync(new($"team/{i}", "a text"), run.Cancellation)).ConfigureAwait(false);
        await run.AtOnceAsync(indexes.Count, i => i % 2 == 0 ? InitializeAsync(indexes[i]) : WriteAsync(indexes[i], i)).ConfigureAwait(false);
        foreach (var index in indexes)
            await run.HoldsAsync(index, [.. Enumerable.Range(0, 6).Select(i => new Repository($"team/{i}", "a text")), new("more/1"), new("more/3"), new("more/5")]).ConfigureAwait(false);

        async Task<bool> InitializeAsync(IRegistryIndex index)
        {
            await index.InitializeAsync(run.Cancellation).ConfigureAwait(false);
            return true;
        }

        async Task<bool> WriteAsync(IRegistryIndex index, int i)
        {
            await run.FindsAsync(index, "text", [.. Enumerable.Range(0, 6).Select(n => $"team/{n}")]).ConfigureAwait(false);
            return await index.UpsertAsync(new($"more/{i}"), run.Cancellation).ConfigureAwait(false) == UpsertOutcome.Added;
        }
    }

    private static async Task AdoptionAsync(CaseRun run)
    {
        await run.WithScratchAsync("plant rows of a predecessor", scratch => scratch.PlantPredecessorAsync(Some, run.Cancellation)).ConfigureAwait(false);
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.HoldsAsync(index, Some).ConfigureAwait(false);
        await run.FindsAsync(index, "text", "team/app").ConfigureAwait(false);
        await run.FindsAsync(index, "app", "App", "team/app").ConfigureAwait(false);
        Expect.Equal(UpsertOutcome.Unchanged, await index.UpsertAsync(Some[1], run.Cancellation).ConfigureAwait(false), "upsert of an unchanged planted row");
        Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new("App", "now with a text"), run.Cancellation).ConfigureAwait(false), "upsert of a planted row with a description");
        Expect.Equal(true, await index.DeleteAsync("zoo", run.Cancellation).ConfigureAwait(false), "delete of a planted row");
        await index.InitializeAsync(run.Cancellation).ConfigureAwait(false);
        await run.HoldsAsync(index, new("App", "now with a text"), Some[1]).ConfigureAwait(false);
        await run.FindsAsync(index, "text", "App", "team/app").ConfigureAwait(false);
        await run.FindsAsync(index, "本").ConfigureAwait(false);
    }

    private static async Task AdoptedOnceAsync(CaseRun run)
    {
        await run.WithScratchAsync("plant rows of a predecessor", scratch => scratch.PlantPredecessorAsync(Some, run.Cancellation)).ConfigureAwait(false);
        var first = await run.OpenAsync().ConfigureAwait(false);
        Expect.Equal(true, await first.DeleteAsync("zoo", run.Cancellation).ConfigureAwait(false), "delete of a planted row");
        await run.StoreAsync(first, new Repository("team/app", "another text")).ConfigureAwait(false);
        for (var i = 0; i < 2; i++)
        {
            var later = await run.OpenAsync().ConfigureAwait(false);
            await run.HoldsAsync(later, Some[0], new("team/app", "another text")).ConfigureAwait(false);
            var status = await later.GetStatusAsync(run.Cancellation).ConfigureAwait(false);
            Expect.That(status.IsEstimate ? status.Repositories <= Some.Length : status.Repositories == 2, $"a status of 2 repositories, or an estimate of at most the {Some.Length} that there have been", status.ToString());
        }
    }

    private static async Task AdoptedTextAsync(CaseRun run)
    {
        Repository[] rows =
        [
            new("emoji", string.Concat(Enumerable.Repeat("😀", RepositoryDescription.MaxCodePoints + 1))), new("fits", new string('y', RepositoryDescription.MaxCodePoints)),
            new("long", new string('x', RepositoryDescription.MaxCodePoints) + " and a tail"), new("none"),
        ];
        await run.WithScratchAsync("plant rows of a predecessor with descriptions over the limit", scratch => scratch.PlantPredecessorAsync(rows, run.Cancellation)).ConfigureAwait(false);
        var index = await run.OpenAsync().ConfigureAwait(false);
        Repository[] cut = [.. rows.Select(row => new Repository(row.Name, RepositoryDescription.FromIngest(row.Description)))];
        var isWhole = await index.GetAsync("long", run.Cancellation).ConfigureAwait(false) == rows[2];
        var expected = isWhole ? rows : cut;
        await run.HoldsAsync(index, expected).ConfigureAwait(false);
        await run.FindsAsync(index, "xx…", isWhole ? [] : ["long"]).ConfigureAwait(false);
        await run.FindsAsync(index, "😀…", isWhole ? [] : ["emoji"]).ConfigureAwait(false);
        await run.FindsAsync(index, "tail", isWhole ? ["long"] : []).ConfigureAwait(false);
        Expect.Equal(isWhole ? UpsertOutcome.Updated : UpsertOutcome.Unchanged, await index.UpsertAsync(cut[2], run.Cancellation).ConfigureAwait(false), "upsert of a long description as FromIngest makes it");
        Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new("long", "short now"), run.Cancellation).ConfigureAwait(false), "upsert of another one");
        await run.FindsAsync(index, "xx…").ConfigureAwait(false);
        await run.HoldsAsync(index, expected[0], expected[1], new("long", "short now"), expected[3]).ConfigureAwait(false);
    }

    private static async Task ForeignAsync(CaseRun run)
    {
        await run.WithScratchAsync("put something foreign beside the index", scratch => scratch.PlantForeignDataAsync(run.Cancellation)).ConfigureAwait(false);
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, Some).ConfigureAwait(false);
        await index.InitializeAsync(run.Cancellation).ConfigureAwait(false);
        await run.HoldsAsync(index, Some).ConfigureAwait(false);
        foreach (var repository in Some)
            await index.DeleteAsync(repository.Name, run.Cancellation).ConfigureAwait(false);
        await run.HoldsAsync(index).ConfigureAwait(false);
        var damage = await run.WithScratchAsync("check the foreign data", scratch => scratch.FindDamageToForeignDataAsync(run.Cancellation)).ConfigureAwait(false);
        Expect.That(damage is null, "unchanged data of others", damage ?? "");
    }

    private static async Task UnknownSchemaAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, Some).ConfigureAwait(false);
        var (found, expected) = await run.WithScratchAsync("change the schema version", scratch => scratch.MakeSchemaUnknownAsync(run.Cancellation)).ConfigureAwait(false);
        for (var i = 0; i < 2; i++)
        {
            var later = await run.OpenBareAsync().ConfigureAwait(false);
            var error = await Expect.ThrowsAsync<RegistryIndexException>(() => later.InitializeAsync(run.Cancellation), "initialize of an unknown schema").ConfigureAwait(false);
            Expect.That(error.Message.Contains(found, StringComparison.Ordinal) && error.Message.Contains(expected, StringComparison.Ordinal), $"a message that holds {Show.Text(found)} and {Show.Text(expected)}", error.Message);
            Expect.Equal(false, error.MayRetry, "whether a retry may help");
        }
    }

    private static async Task ReadingAsync(CaseRun run)
    {
        for (var i = 0; i < 2; i++)
            Expect.Equal(SourceState.Missing, await OpenAsync().ConfigureAwait(false), "the result of opening an index that does not exist");
        var writer = await run.OpenAsync().ConfigureAwait(false);
        Expect.Equal(SourceState.Searchable, await OpenAsync().ConfigureAwait(false), "the result of opening an empty index");
        await run.StoreAsync(writer, Some).ConfigureAwait(false);
        await writer.TryReplaceMarkAsync("first-load", null, "begun", run.Cancellation).ConfigureAwait(false);

        var before = await CountWritesAsync(run).ConfigureAwait(false);
        var reader = await run.OpenBareAsync().ConfigureAwait(false);
        Expect.Equal(SourceState.Searchable, await reader.OpenForReadingAsync(run.Cancellation).ConfigureAwait(false), "the result of opening an index");
        await run.HoldsAsync(reader, Some).ConfigureAwait(false);
        await run.ScansAsync(reader, Some).ConfigureAwait(false);
        await run.FindsAsync(reader, "text", "team/app").ConfigureAwait(false);
        Expect.Equal("begun", await reader.ReadMarkAsync("first-load", run.Cancellation).ConfigureAwait(false), "the mark");
        Expect.Equal(before, await CountWritesAsync(run).ConfigureAwait(false), "how many writes the store has seen");

        await run.StoreAsync(writer, new Repository("later")).ConfigureAwait(false);
        await run.HoldsAsync(reader, [.. Some, new("later")]).ConfigureAwait(false);
        await reader.InitializeAsync(run.Cancellation).ConfigureAwait(false);
        Expect.Equal(true, await reader.DeleteAsync("later", run.Cancellation).ConfigureAwait(false), "delete, initialized after it was read");
        await run.HoldsAsync(reader, Some).ConfigureAwait(false);

        async Task<SourceState> OpenAsync() =>
            await (await run.OpenBareAsync().ConfigureAwait(false)).OpenForReadingAsync(run.Cancellation).ConfigureAwait(false);
    }

    private static async Task ReadingPredecessorAsync(CaseRun run)
    {
        await run.WithScratchAsync("plant rows of a predecessor", scratch => scratch.PlantPredecessorAsync(Some, run.Cancellation)).ConfigureAwait(false);
        var (before, first) = (await CountWritesAsync(run).ConfigureAwait(false), (SourceState?)null);
        for (var i = 0; i < 2; i++)
        {
            var reader = await run.OpenBareAsync().ConfigureAwait(false);
            var state = await reader.OpenForReadingAsync(run.Cancellation).ConfigureAwait(false);
            Expect.That(state == first || (first is null && state != SourceState.Missing), first is null ? "rows that can be listed" : $"{first} as before", state.ToString());
            first = state;
            Expect.Repositories(Some, await run.ListAsync(reader).ConfigureAwait(false), "list");
            await run.ScansAsync(reader, Some).ConfigureAwait(false);
            Expect.Equal(Some[1], await reader.GetAsync(Some[1].Name, run.Cancellation).ConfigureAwait(false), "get");
            Expect.Equal(null, await reader.ReadMarkAsync("first-load", run.Cancellation).ConfigureAwait(false), "a mark");
            if (state == SourceState.Searchable)
                await run.FindsAsync(reader, "text", "team/app").ConfigureAwait(false);
        }

        Expect.Equal(before, await CountWritesAsync(run).ConfigureAwait(false), "how many writes the store has seen");
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.HoldsAsync(index, Some).ConfigureAwait(false);
    }

    private static async Task ScansAsync(this CaseRun run, RecordedIndex source, IReadOnlyList<Repository> expected)
    {
        var scanned = await source.ScanAsync(cancellationToken: run.Cancellation).ToListAsync(run.Cancellation).ConfigureAwait(false);
        Expect.Repositories(expected, [.. scanned.OrderBy(repository => repository.Name, CodePointOrder.Comparer)], "scan, in name order");
    }

    private static Task<long> CountWritesAsync(CaseRun run) => run.Can(Capability.WriteCounts)
        ? run.WithScratchAsync("count the writes into the store", scratch => scratch.CountWritesAsync(run.Cancellation))
        : Task.FromResult(0L);
}
