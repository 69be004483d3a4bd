using System.Globalization;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// Finds faults in a state. A crashed process is one that never continues, so each state is judged as the state that remains
/// if all unfinished processes crash there. This covers any number of crashes at any point.
/// </summary>
internal sealed class Judge(Scenario scenario)
{
    private readonly Outcomes _outcomes = new(scenario.Before?.Repository);

    public string? FindFault(World world)
    {
        var row = world.Table.Row;
        if (world.Processes.Find(process => process.Failure is not null) is { } failed)
            return $"{failed.Name} failed: {failed.Failure}";
        return (scenario.IsOfProtocol ? FindWrongPosting(world, row) : null)
            ?? (_outcomes.Explain(row?.Repository, world.Processes) ? null : $"No order of the operations explains what they returned and that there is the {world.Show(row)}.")
            ?? FindLeftover(world, row);
    }

    /// <summary>A search finds the row by its own postings only.</summary>
    private string? FindWrongPosting(World world, RepositoryRow? row)
    {
        if (row is { IsAdopted: false } && HasEnded(world, operation => operation != Operation.Delete))
            return "A row that was written or adopted has no postings.";
        string[] expected = [.. row?.Postings.Select(TextOf) ?? []];
        string[] counting = [.. world.Table.Postings.Where(posting => Counts(posting, row, expected)).Select(TextOf)];
        if (counting.Except(expected, StringComparer.Ordinal).FirstOrDefault() is { } wrong)
            return $"The {world.Show(row)} is found by the posting {wrong}, which says something else.";
        if (MustHaveAll(world) && expected.Except(counting, StringComparer.Ordinal).FirstOrDefault() is { } missing)
            return $"The {world.Show(row)} is not found by {missing}, because there is no such posting of it.";
        return null;
    }

    // Without the nonce in the key, postings of other attempts are equally valid if they match the row.
    private bool Counts(Posting posting, RepositoryRow? row, string[] expected) => row is not null
        && (scenario.KeysHoldTheNonce ? row.Owns(posting) : expected.Contains(TextOf(posting), StringComparer.Ordinal));

    // In a new search table, rows get their postings by adoption. No process searches there before it ends.
    private bool MustHaveAll(World world) => world.IsSearchTableLost
        // A row that was being written at that moment may be found only after a sweep.
        ? !world.WasWrittenWhenLost && HasEnded(world, operation => operation.Text == Disturbances.AdoptAnew.Text)
        : scenario.Before is not { IsAdopted: true } || scenario.PostingsBefore.Count > 0 || HasEnded(world, operation => operation == Operation.Adopt);

    /// <summary>Checks what a sweep leaves when all processes have stopped and all data is old: exactly the postings of the row.</summary>
    private string? FindLeftover(World world, RepositoryRow? row)
    {
        if (!scenario.KeysHoldTheNonce)
            return null;
        var (table, clock) = (world.Table.Copy(), new ModelClock());
        clock.Advance(world.Clock.Elapsed);
        // The next sweep removes what a repair replaces.
        for (var sweep = 0; sweep < (scenario.IsRepaired ? 2 : 1); sweep++)
        {
            clock.Advance(TimeSpan.FromHours(2));
            var store = new StillStore(table, clock);
            if (scenario.IsRepaired)
                Disturbances.RepairAsync(store, clock, table.Row, table.Postings).GetAwaiter().GetResult();
            foreach (var posting in table.Postings.ToList())
                scenario.SweepAsync(store, posting).GetAwaiter().GetResult();
        }

        var expected = scenario.IsOfProtocol && !scenario.IsRepaired ? [.. world.Table.Postings.Where(posting => row?.Owns(posting) == true)] : table.Row?.Postings ?? [];
        var wrong = table.Postings.Except(expected).Concat(expected.Except(table.Postings));
        return wrong.Any() ? $"A last sweep does not do right by {world.Show(wrong)}, where there is the {world.Show(row)}." : null;
    }

    private static bool HasEnded(World world, Func<Operation, bool> condition) =>
        world.Processes.Exists(process => process is { Result: not null, Operation: { } operation } && condition(operation));

    private static string TextOf(Posting posting) => string.Create(CultureInfo.InvariantCulture, $"{posting.Tier}:{posting.Text} ({posting.AlsoBefore})");

    /// <summary>The tables without other processes.</summary>
    private sealed class StillStore(Table table, TimeProvider time) : IIndexStore
    {
        public ServiceClock Clock { get; } = new(time);

        public Task<RepositoryRow?> ReadAsync(string name) => Task.FromResult(table.Row);

        public Task DeletePostingsAsync(IReadOnlyList<Posting> postings)
        {
            foreach (var posting in postings)
                table.Delete(posting);
            return Task.CompletedTask;
        }

        public Task WritePostingsAsync(IReadOnlyList<Posting> postings)
        {
            foreach (var posting in postings)
                table.Put(posting);
            return Task.CompletedTask;
        }

        public Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld) => Task.FromResult(table.TryPut(row, read) ? PutResult.Written : PutResult.Refused);

        public Task<Removal> TryRemoveAsync(RepositoryRow read) => throw new NotSupportedException();
    }
}
