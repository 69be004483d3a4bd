using System.Globalization;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// Says what is wrong in a state. A process that crashes is one that never goes on, so each state is judged as what is
/// left when all that have not ended crash there: any number of crashes, anywhere, come with it.
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

    /// <summary>A search finds the row by its postings, and by no others.</summary>
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

    // Without the nonce in the key, postings of other attempts are as good, if the row says the same.
    private bool Counts(Posting posting, RepositoryRow? row, string[] expected) => row is not null
        && (scenario.KeysHoldTheNonce ? row.SpeaksFor(posting) : expected.Contains(TextOf(posting), StringComparer.Ordinal));

    // In a new search table rows get their postings by adoption; until that has ended nobody searches there.
    private bool MustHaveAll(World world) => world.IsSearchTableLost
        // What was being written just then may be found only after a sweep.
        ? !world.WasWrittenWhenLost && HasEnded(world, operation => operation.Text == Disturbances.AdoptAnew.Text)
        : scenario.Before is not { IsAdopted: true } || scenario.PostingsBefore.Count > 0 || HasEnded(world, operation => operation == Operation.Adopt);

    /// <summary>Looks at what a sweep leaves when everybody has stopped and all is old: what the row has, and nothing else.</summary>
    private string? FindLeftover(World world, RepositoryRow? row)
    {
        if (!scenario.KeysHoldTheNonce)
            return null;
        var (table, clock) = (world.Table.Copy(), new ModelClock());
        clock.Advance(world.Clock.Elapsed);
        // What a repair replaces goes with the next sweep.
        for (var sweep = 0; sweep < (scenario.IsRepaired ? 2 : 1); sweep++)
        {
            clock.Advance(TimeSpan.FromHours(2));
            var store = new StillStore(table, clock);
            if (scenario.IsRepaired)
                Disturbances.RepairAsync(store, clock, table.Row, table.Postings).GetAwaiter().GetResult();
            foreach (var posting in table.Postings.ToList())
                scenario.SweepAsync(store, posting).GetAwaiter().GetResult();
        }

        var expected = scenario.IsOfProtocol && !scenario.IsRepaired ? [.. world.Table.Postings.Where(posting => row?.SpeaksFor(posting) == true)] : table.Row?.Postings ?? [];
        var wrong = table.Postings.Except(expected).Concat(expected.Except(table.Postings));
        return wrong.Any() ? $"A last sweep does not do right by {world.Show(wrong)}, where there is the {world.Show(row)}." : null;
    }

    private static bool HasEnded(World world, Func<Operation, bool> condition) =>
        world.Processes.Exists(process => process is { Result: not null, Operation: { } operation } && condition(operation));

    private static string TextOf(Posting posting) => string.Create(CultureInfo.InvariantCulture, $"{posting.Tier}:{posting.Text} ({posting.AlsoBefore})");

    /// <summary>The tables when nobody else is about.</summary>
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
