using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>What a process must not cache of a store that others change (contract 2.1, 2.3, 2.5, 2.6, 2.12).</summary>
internal static class RememberingCases
{
    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-write-is-made-again-where-another-process-undid-it", ["2.1", "2.5", "2.12"],
            "An upsert or import of what this process has written before is made again when another process has deleted or changed it since.",
            "A cache of the last writes would say 'unchanged', and a repository that was deleted by mistake could not be pushed again.",
            WritesAsync, Capability.SeveralProcesses),
        new("what-was-not-there-is-there-when-another-process-adds-it", ["2.3", "2.6", "2.12"],
            "What a process has looked for or deleted in vain is read, scanned and deleted as soon as another process has added it.",
            "A server that remembers missing repositories would never show those that a command has added meanwhile.",
            AbsenceAsync, Capability.SeveralProcesses),
    ];

    private static async Task WritesAsync(CaseRun run)
    {
        var (index, other) = (await run.OpenAsync().ConfigureAwait(false), await run.OpenAsync().ConfigureAwait(false));
        Repository[] rows = [new("changed", "a text"), new("deleted", "a text"), new("steady", "a text")];
        foreach (var again in (Func<Task>[])[UpsertAsync, ImportAsync])
        {
            await run.StoreAsync(index, rows).ConfigureAwait(false);
            await index.ImportAsync(rows.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
            Expect.Equal(true, await other.DeleteAsync("deleted", run.Cancellation).ConfigureAwait(false), "delete deleted in another process");
            await run.StoreAsync(other, new Repository("changed", "something else")).ConfigureAwait(false);
            await again().ConfigureAwait(false);
            await run.HoldsAsync(index, rows).ConfigureAwait(false);
            await run.HoldsAsync(other, rows).ConfigureAwait(false);
            await run.FindsAsync(index, "else").ConfigureAwait(false);
        }

        async Task UpsertAsync()
        {
            Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(rows[0], run.Cancellation).ConfigureAwait(false), "upsert of what another process has changed");
            Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(rows[1], run.Cancellation).ConfigureAwait(false), "upsert of what another process has deleted");
            Expect.Equal(UpsertOutcome.Unchanged, await index.UpsertAsync(rows[2], run.Cancellation).ConfigureAwait(false), "upsert of an unchanged repository");
        }

        async Task ImportAsync() => Expect.Equal(
            new ImportResult { Added = 1, Updated = 1, Unchanged = 1 },
            await index.ImportAsync(rows.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false),
            "import of what another process has changed and deleted");
    }

    private static async Task AbsenceAsync(CaseRun run)
    {
        var (index, other) = (await run.OpenAsync().ConfigureAwait(false), await run.OpenAsync().ConfigureAwait(false));
        await run.StoreAsync(index, new Repository("there")).ConfigureAwait(false);
        for (var round = 0; round < 2; round++)
        {
            Expect.Equal(null, await index.GetAsync("late", run.Cancellation).ConfigureAwait(false), "get of a repository that does not exist");
            Expect.Equal(false, await index.DeleteAsync("late", run.Cancellation).ConfigureAwait(false), "delete of a repository that does not exist");
            await ScansAsync("there").ConfigureAwait(false);
            await run.StoreAsync(other, new Repository("late", $"text {round}")).ConfigureAwait(false);
            Expect.Equal(new Repository("late", $"text {round}"), await index.GetAsync("late", run.Cancellation).ConfigureAwait(false), "get of what another process has added");
            await ScansAsync("late", "there").ConfigureAwait(false);
            Expect.Equal(true, await index.DeleteAsync("late", run.Cancellation).ConfigureAwait(false), "delete of what another process has added");
            await run.HoldsAsync(other, new Repository("there")).ConfigureAwait(false);
        }

        async Task ScansAsync(params string[] names)
        {
            var scanned = await index.ScanAsync(cancellationToken: run.Cancellation).Select(repository => repository.Name).ToListAsync(run.Cancellation).ConfigureAwait(false);
            Expect.Names(names, [.. scanned.Order(CodePointOrder.Comparer)], "scan, in name order");
        }
    }
}
