using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Random histories, compared with the reference index step by step.</summary>
internal static class HistoryCases
{
    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("random-histories-go-as-in-the-reference", ["2.1", "2.3", "2.4", "2.5", "2.6", "2.7", "6.1", "6.4"],
            "Random upserts, deletes, imports, gets, lists, searches and marks, also from two processes in turn, give the answers of the reference.",
            "Some sequence of ordinary operations gives another answer than on other providers; the failure shows the shortest found.",
            HistoriesAsync),
        new("random-histories-of-facts-go-as-in-the-reference", ["8.5", "8.6", "8.7", "8.8", "8.10", "8.11", "8.12"],
            "Random writes with facts and without, deletes and imports give the answers and the order of the last push of the reference.",
            "Some sequence of ordinary operations gives other facts or another order than on other providers; the failure shows the shortest found.",
            FactsAsync),
        new("random-queries-find-as-in-the-reference", ["3.1", "3.3", "3.4", "3.5", "4.5", "4.6", "4.7", "4.8", "4.9", "5.2", "5.4"],
            "Random queries over random repositories in several scripts give the pages of the reference, in its order, with pages of all sizes.",
            "Some search gives another answer than on other providers; the failure shows the smallest found.",
            QueriesAsync),
        new("random-writers-agree-at-rest", ["2.1", "2.3", "5.7", "7.4"],
            "After random writes of several processes at once, everything that is left is there once, and found by the text that it has.",
            "Under load the index would slowly come apart.",
            WritersAsync, Capability.SeveralProcesses),
    ];

    private static async Task HistoriesAsync(CaseRun run)
    {
        for (var i = 0; i < run.Histories; i++)
            await History.RunAsync(run, new RandomHistory(SeedOf(run, i), run.Can(Capability.SeveralProcesses)).OfEverything(40)).ConfigureAwait(false);
    }

    private static async Task FactsAsync(CaseRun run)
    {
        await FactsCases.OpenAsync(run, IndexCapabilities.OrderByPush).ConfigureAwait(false);
        for (var i = 0; i < run.Histories; i++)
            await History.RunAsync(run, new RandomHistory(SeedOf(run, i), run.Can(Capability.SeveralProcesses)).OfFacts(40)).ConfigureAwait(false);
    }

    private static async Task QueriesAsync(CaseRun run)
    {
        for (var i = 0; i < run.Histories; i++)
            await History.RunAsync(run, new RandomHistory(SeedOf(run, i), severalProcesses: false).OfQueries(repositories: 60, queries: 30)).ConfigureAwait(false);
        // One more history, in which pages end among many equal matches, and in which a query is worth an index.
        await History.RunAsync(run, new RandomHistory(SeedOf(run, -1), severalProcesses: false).OfQueries(repositories: 900, queries: 150)).ConfigureAwait(false);
    }

    private static async Task WritersAsync(CaseRun run)
    {
        IRegistryIndex[] indexes = [await run.OpenAsync().ConfigureAwait(false), await run.OpenAsync().ConfigureAwait(false)];
        for (var round = 0; round < Math.Max(1, run.Histories / 2); round++)
        {
            await run.AtOnceAsync(6, async i =>
            {
                var data = new RandomData(unchecked((SeedOf(run, round) * 10) + i));
                for (var step = 0; step < 8; step++)
                {
                    var (index, name) = (indexes[i % indexes.Length], $"app/{data.Next(4)}");
                    if (data.Next(4) == 0)
                        await index.DeleteAsync(name, run.Cancellation).ConfigureAwait(false);
                    else
                        await index.UpsertAsync(new(name, data.Description()), run.Cancellation).ConfigureAwait(false);
                }

                return true;
            }).ConfigureAwait(false);
            var last = new Repository("last", $"round {round}");
            await run.StoreAsync(indexes[0], last).ConfigureAwait(false);
            foreach (var index in indexes)
            {
                Expect.Equal(last, await index.GetAsync("last", run.Cancellation).ConfigureAwait(false), "get of the last written repository");
                await run.AgreesWithItselfAsync(index).ConfigureAwait(false);
            }
        }
    }

    private static int SeedOf(CaseRun run, int history) => unchecked((run.Seed * 1_000) + history);
}
