using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Sweeping;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>Changes of the tables outside the write protocol, and the reactions of the index with its own code.</summary>
internal static class Disturbances
{
    private const string SearchTableIsLost = "lose the search table";
    private const string RepositoryTableIsLost = "lose the repository table";
    private const string RowIsLost = "lose the row";
    private const string TablesAreLookedAt = "look at the tables again";
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>The search table is deleted, and another process recreates it.</summary>
    public static Operation LoseSearchTable { get; } = Of(SearchTableIsLost, before => before, world => world.LoseSearchTable());

    /// <summary>The repository table is deleted, and another process recreates it.</summary>
    public static Operation LoseRepositoryTable { get; } = Of(RepositoryTableIsLost, _ => null, world => world.LoseRow());

    /// <summary>The row is lost. Its table remains.</summary>
    public static Operation LoseRow { get; } = Of(RowIsLost, _ => null, world => world.LoseRow());

    /// <summary>The row is put back as it was.</summary>
    public static Operation PutBack { get; } = Of("put the row back", before => before ?? Scenario.Row("yz").Repository, world => world.Table.Row ??= world.LostRow) with { After = RowIsLost };

    /// <summary>The postings of the rows are written to the new search table.</summary>
    public static Operation AdoptAnew { get; } = Writing("adopt anew", (_, writer) => writer.AdoptAsync(Operation.Name)) with { After = SearchTableIsLost };

    /// <summary>The searching process notices that the tables were replaced.</summary>
    public static Operation LookAgain { get; } = Of(TablesAreLookedAt, before => before, world => world.Memory.Clear()) with { After = RepositoryTableIsLost };

    /// <summary>The process searches after that.</summary>
    public static Operation FindAfterwards { get; } = Operation.Find with { After = TablesAreLookedAt };

    /// <summary>A sweep of everything with its brake, from which no number of repositories is exempt here.</summary>
    public static Operation Sweep { get; } = SweepWith(() => new SweepBrake(alwaysAllowed: 0));

    /// <summary>A sweep repairs rows with wrong postings.</summary>
    public static Operation Repair { get; } = new("repair", _ => throw new NotSupportedException(), before => (before, "done"))
    {
        ActAsync = async store =>
        {
            var row = await store.ReadAsync(Operation.Name);
            await RepairAsync(store, store.Time, row, await store.ScanAllAsync());
            return "done";
        },
    };

    public static Operation SweepWith(Func<SweepBrake?> newBrake) => new("sweep", _ => throw new NotSupportedException(), before => (before, "done"))
    {
        ActAsync = async store =>
        {
            var postings = await store.ScanAllAsync();
            var (sweeper, brake) = (new Sweeper(store, Grace), newBrake());
            var orphans = await sweeper.FindOrphansAsync(postings);
            brake?.Count(orphans);
            if (brake?.Holds(postings.Count) != true)
                await sweeper.SweepAsync([.. orphans.Select(orphan => orphan.Posting)]);
            return "done";
        },
    };

    /// <summary>A predecessor puts the whole row.</summary>
    public static Operation PredecessorPuts(string description) =>
        Of($"predecessor puts {description}", _ => new(Operation.Name, description), world => world.Table.Row = Scenario.PredecessorsRow(description)) with { IsOfProtocol = false };

    /// <summary>A predecessor changes the description and no other attribute of the row.</summary>
    public static Operation PredecessorChanges(string description) =>
        Of($"predecessor changes to {description}", before => new(Operation.Name, description, before?.Facts), world => world.Table.Row = Changed(world.Table.Row, description)) with { IsOfProtocol = false };

    /// <summary>A predecessor deletes the row.</summary>
    public static Operation PredecessorDeletes { get; } = Of("predecessor deletes", _ => null, world => world.Table.Row = null) with { IsOfProtocol = false };

    /// <summary>The action of a sweep on a row that it has compared with all postings.</summary>
    public static async Task RepairAsync(IIndexStore store, TimeProvider time, RepositoryRow? row, IEnumerable<Posting> postings)
    {
        if (row is null)
            return;
        var (writer, expected) = (new RepositoryWriter(store, time, NullLogger.Instance), new ExpectedPostings());
        expected.Expect(row);
        foreach (var posting in postings)
            expected.Meet(posting);
        if (!row.IsAdopted)
            await writer.AdoptAsync(row.Name);
        else if (expected.IsWrong(row, store.Clock.Earliest - Grace))
            await writer.RenewAsync(row);
    }

    private static RepositoryRow Changed(RepositoryRow? row, string description) =>
        row is null ? Scenario.PredecessorsRow(description) : new(row.Name, description, row.NameNonce, row.Nonce) { Facts = row.Facts, FactsNonce = row.FactsNonce };

    private static Operation Of(string text, Func<Repository?, Repository?> after, Action<World> effect) => new(text, _ => throw new NotSupportedException(), before => (after(before), "done"))
    {
        ActAsync = async store =>
        {
            await store.BeginAsync();
            await store.DoAsync(text, effect);
            return "done";
        },
    };

    private static Operation Writing(string text, Func<ProcessStore, RepositoryWriter, Task> write) => new(text, _ => throw new NotSupportedException(), before => (before, "done"))
    {
        ActAsync = async store =>
        {
            await store.BeginAsync();
            await write(store, new RepositoryWriter(store, store.Time, NullLogger.Instance));
            return "done";
        },
    };
}
