using System.Globalization;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.Benchmarks.DynamoDb;

/// <summary>Measures the cost of each call in DynamoDB, and compares searches with the predecessor's scan of the same data.</summary>
internal static class DynamoDbBenchmark
{
    /// <param name="counts">The numbers of repositories to measure with, one after the other.</param>
    /// <param name="plot">The path of the plot. Null writes none.</param>
    /// <param name="output">The writer of the tables.</param>
    public static async Task RunAsync(IReadOnlyList<int> counts, string? plot, TextWriter output)
    {
        var server = await DynamoDbServer.GetAsync();
        var endpoint = server.Endpoint ?? throw new InvalidOperationException(server.WhyNot);
        List<PagePoint> points = [];
        List<string> others = [];
        List<string> pushed = [];
        await output.WriteLineAsync("| first page of 25 | repositories | read units | requests | waves | predecessor's scan, read units | requests | its units / ours |\n|---|---|---|---|---|---|---|---|");
        foreach (var count in counts)
        {
            await using var tables = await BenchTables.CreateAsync(endpoint);
            var repositories = new Corpus().Take(count).ToList();
            await tables.Index.ImportAsync(repositories.ToAsyncEnumerable());
            points.Add(await MeasurePagesAsync(tables, endpoint, repositories, output));
            foreach (var call in Call.Others.Where(call => count <= call.Most))
                others.Add(Row(call.What, count, await tables.CostAsync(call)));
            await tables.Index.ImportAsync(new Corpus().TakePushed(count).ToAsyncEnumerable());
            foreach (var call in Call.WithFacts)
                pushed.Add(Row(call.What, count, await tables.CostAsync(call)));
        }

        await output.WriteLineAsync("\n| call | repositories | read units | write units | requests | waves |\n|---|---|---|---|---|---|");
        foreach (var row in others)
            await output.WriteLineAsync(row);
        await output.WriteLineAsync("\n| call, with usual facts | repositories | read units | write units | requests | waves |\n|---|---|---|---|---|---|");
        foreach (var row in pushed)
            await output.WriteLineAsync(row);
        if (plot is not null)
            await File.WriteAllTextAsync(plot, PagePlot.Draw(points));
    }

    private static async Task<PagePoint> MeasurePagesAsync(BenchTables tables, string endpoint, List<Repository> repositories, TextWriter output)
    {
        await using var predecessor = await PredecessorTable.CreateAsync(endpoint);
        await predecessor.FillAsync(repositories);
        PagePoint? point = null;
        foreach (var (what, query) in Call.Pages)
        {
            var ours = await tables.CostAsync(new(what, (index, _) => index.SearchAsync(new(query))));
            var scan = await predecessor.ScanAsync(query);
            point ??= new(repositories.Count, ours.ReadUnits, scan.Units);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {what} (`{query}`) | {repositories.Count:n0} | {ours.ReadUnits} | {ours.Requests} | {ours.Waves} | {scan.Units} | {scan.Requests} | {scan.Units / ours.ReadUnits:0.0} |"));
        }

        return point!;
    }

    private static string Row(string what, int count, Cost cost) => string.Create(CultureInfo.InvariantCulture,
        $"| {what} | {count:n0} | {cost.ReadUnits:#,0.#} | {cost.WriteUnits:#,0.#} | {cost.Requests:n0} | {cost.Waves?.ToString(CultureInfo.InvariantCulture) ?? "–"} |");
}
