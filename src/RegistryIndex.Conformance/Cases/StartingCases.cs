using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Starts that are interrupted or fail (contract 6, 7).</summary>
internal static class StartingCases
{
    private const int Planted = 300;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-store-that-is-away-at-the-start-is-used-when-it-is-back", ["6.1", "7.1"],
            "An index that is opened or initialized while the store fails is an error, and can be initialized as soon as the store is back.",
            "A server that starts before its database would have to be restarted by hand.",
            AwayAsync, Capability.StoreFailures, Capability.SeveralProcesses),
        new("a-store-that-is-away-is-read-when-it-is-back", ["6.6", "7.1"],
            "An index that is opened for reading while the store fails is an error, and is opened and read as soon as the store is back.",
            "A program that waits for its database would have to be started again.",
            ReadAgainAsync, Capability.StoreFailures, Capability.SeveralProcesses),
        new("an-initialization-that-was-cancelled-is-completed", ["6.1", "6.2", "7.3"],
            "An initialization that is cancelled at any point is an OperationCanceledException or complete, and the next one completes it.",
            "A server that is stopped during its first start would never come up again.",
            CancelledAsync),
        new("an-adoption-that-was-cancelled-is-completed", ["6.1", "6.2", "7.3"],
            "An initialization that adopts rows of a predecessor and is cancelled at any point is completed by the next one: every row is listed and found, once.",
            "Searches would never find the rows after the point of the cancellation.",
            CancelledAdoptionAsync, Capability.Predecessor),
        new("a-refused-schema-is-left-as-it-was", ["6.3"],
            "An initialization that refuses the schema, and every other call on that index, writes nothing.",
            "An old version would damage the index of a newer one before it says that it does not know it.",
            RefusedAsync, Capability.UnknownSchema, Capability.WriteCounts),
    ];

    private static async Task AwayAsync(CaseRun run)
    {
        var before = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(before, new Repository("app", "a text")).ConfigureAwait(false);
        await BreakAsync().ConfigureAwait(false);
        var index = await run.OpenBareAsync().ConfigureAwait(false);
        for (var i = 0; i < 2; i++)
            await Expect.ThrowsAsync<RegistryIndexException>(() => index.InitializeAsync(run.Cancellation), "initialize, while the store fails").ConfigureAwait(false);
        await MendAsync().ConfigureAwait(false);
        await IsWellAsync().ConfigureAwait(false);

        await BreakAsync().ConfigureAwait(false);
        await Expect.ThrowsAsync<RegistryIndexException>(() => index.InitializeAsync(run.Cancellation), "initialize again, while the store fails").ConfigureAwait(false);
        await Expect.ThrowsAsync<RegistryIndexException>(() => index.GetAsync("app", run.Cancellation), "get, while the store fails").ConfigureAwait(false);
        await MendAsync().ConfigureAwait(false);
        await IsWellAsync().ConfigureAwait(false);

        Task BreakAsync() => run.WithScratchAsync("break the store", scratch => scratch.BreakAsync(run.Cancellation));

        Task MendAsync() => run.WithScratchAsync("mend the store", scratch => scratch.MendAsync(run.Cancellation));

        async Task IsWellAsync()
        {
            await index.InitializeAsync(run.Cancellation).ConfigureAwait(false);
            await run.HoldsAsync(index, new Repository("app", "a text")).ConfigureAwait(false);
            await run.FindsAsync(index, "text", "app").ConfigureAwait(false);
        }
    }

    private static async Task ReadAgainAsync(CaseRun run)
    {
        await run.StoreAsync(await run.OpenAsync().ConfigureAwait(false), new Repository("app", "a text")).ConfigureAwait(false);
        await run.WithScratchAsync("break the store", scratch => scratch.BreakAsync(run.Cancellation)).ConfigureAwait(false);
        var reader = await run.OpenBareAsync().ConfigureAwait(false);
        for (var i = 0; i < 2; i++)
            await Expect.ThrowsAsync<RegistryIndexException>(() => reader.OpenForReadingAsync(run.Cancellation), "open for reading, while the store fails").ConfigureAwait(false);
        await run.WithScratchAsync("mend the store", scratch => scratch.MendAsync(run.Cancellation)).ConfigureAwait(false);
        Expect.Equal(SourceState.Searchable, await reader.OpenForReadingAsync(run.Cancellation).ConfigureAwait(false), "results after the store is back");
        await run.HoldsAsync(reader, new Repository("app", "a text")).ConfigureAwait(false);
        await run.FindsAsync(reader, "text", "app").ConfigureAwait(false);
    }

    private static async Task CancelledAsync(CaseRun run)
    {
        var index = await InterruptAsync(run).ConfigureAwait(false);
        await index.InitializeAsync(run.Cancellation).ConfigureAwait(false);
        await run.HoldsAsync(index).ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("app", "a text")).ConfigureAwait(false);
        await run.FindsAsync(index, "text", "app").ConfigureAwait(false);
    }

    private static async Task CancelledAdoptionAsync(CaseRun run)
    {
        var rows = CommonSteps.Many(Planted, "text");
        await run.WithScratchAsync($"plant {Planted} rows of a predecessor", scratch => scratch.PlantPredecessorAsync(rows, run.Cancellation)).ConfigureAwait(false);
        var index = await InterruptAsync(run).ConfigureAwait(false);
        await index.InitializeAsync(run.Cancellation).ConfigureAwait(false);
        await run.HoldsAsync(index, rows).ConfigureAwait(false);
        await run.FindsAsync(index, "text", [.. rows.Select(row => row.Name)]).ConfigureAwait(false);
    }

    // Cancels before the start, and after several numbers of milliseconds, at whichever step the initialization then is.
    private static async Task<IRegistryIndex> InterruptAsync(CaseRun run)
    {
        var index = await run.OpenBareAsync().ConfigureAwait(false);
        await Expect.ThrowsAsync<OperationCanceledException>(() => index.InitializeAsync(new(canceled: true)), "initialize, cancelled").ConfigureAwait(false);
        foreach (var milliseconds in (int[])[1, 3, 9, 27])
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
            stop.CancelAfter(milliseconds);
            try
            {
                await index.InitializeAsync(stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!run.Cancellation.IsCancellationRequested)
            {
                // The initialization may stop at any step.
            }
        }

        return index;
    }

    private static async Task RefusedAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("app", "a text")).ConfigureAwait(false);
        await run.WithScratchAsync("change the schema version", scratch => scratch.MakeSchemaUnknownAsync(run.Cancellation)).ConfigureAwait(false);
        var before = await CountAsync().ConfigureAwait(false);
        var later = await run.OpenBareAsync().ConfigureAwait(false);
        for (var i = 0; i < 2; i++)
            await Expect.ThrowsAsync<RegistryIndexException>(() => later.InitializeAsync(run.Cancellation), "initialize of an unknown schema").ConfigureAwait(false);
        Expect.Equal(before, await CountAsync().ConfigureAwait(false), "how many writes the store has seen");

        Task<long> CountAsync() => run.WithScratchAsync("count the writes into the store", scratch => scratch.CountWritesAsync(run.Cancellation));
    }
}
