using System.Globalization;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.Benchmarks.DynamoDb;

/// <summary>What searches and writes cost in DynamoDB, beside the predecessor's scan of the same data; and how fast an import is, beside plain batches.</summary>
internal static class DynamoDbBenchmark
{
    private static readonly (string What, string Query)[] Searches =
    [
        ("a quarter, in names", Corpus.QuarterOfNames), ("a quarter, in descriptions", Corpus.Quarter), ("1 in 100", Corpus.Medium),
        ("rare: one repository has it", Corpus.Single), ("none", "nothing-like-it"), ("one character", "z"), ("two words", $"{Corpus.Medium} {Corpus.Quarter}"), ("the same, the rarer one last", $"{Corpus.Quarter} {Corpus.Medium}"), ("every repository", ""),
    ];

    public static async Task RunAsync(IReadOnlyList<int> counts, TextWriter output)
    {
        var server = await DynamoDbServer.GetAsync();
        var endpoint = server.Endpoint ?? throw new InvalidOperationException(server.WhyNot);
        await ImportSpeed.RunAsync(endpoint, output);
        await output.WriteLineAsync("| first page of 25 | repositories | read units | requests | waves | predecessor's scan, read units | requests | its units / ours |\n|---|---|---|---|---|---|---|---|");
        List<string> writes = [];
        foreach (var count in counts)
            writes.Add(await MeasureAsync(endpoint, count, output));
        await output.WriteLineAsync("\n| write | repositories | write units | read units |\n|---|---|---|---|");
        await output.WriteAsync(string.Concat(writes));
    }

    private static async Task<string> MeasureAsync(string endpoint, int count, TextWriter output)
    {
        await using var tables = await BenchTables.CreateAsync(endpoint);
        await using var predecessor = await PredecessorTable.CreateAsync(endpoint);
        var repositories = new Corpus().Take(count).ToList();
        await tables.Index.ImportAsync(repositories.ToAsyncEnumerable());
        await predecessor.FillAsync(repositories);
        foreach (var (what, query) in Searches)
        {
            var ours = await tables.CostAsync(index => index.SearchAsync(new(query)));
            var scan = await predecessor.ScanAsync(query);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {what} (`{query}`) | {count:n0} | {ours.ReadUnits} | {ours.Requests} | {ours.Waves} | {scan.Units} | {scan.Requests} | {scan.Units / ours.ReadUnits:0.0} |"));
        }

        var name = "platform/billing-inbox";
        var created = await tables.CostAsync(index => index.UpsertAsync(new(name, "Receives invoices by mail and files them for the accountants")));
        var unchanged = await tables.CostAsync(index => index.UpsertAsync(new(name, "Receives invoices by mail and files them for the accountants")));
        var updated = await tables.CostAsync(index => index.UpsertAsync(new(name, "Sends reminders where nobody has paid until the end of month")));
        return string.Create(CultureInfo.InvariantCulture, $"""
            | a new repository, name of 22 and description of 60 characters | {count:n0} | {created.WriteUnits} | {created.ReadUnits} |
            | the same again | {count:n0} | {unchanged.WriteUnits} | {unchanged.ReadUnits} |
            | another description | {count:n0} | {updated.WriteUnits} | {updated.ReadUnits} |

            """);
    }
}
