using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.Benchmarks.DynamoDb;

/// <summary>Compares an import, which reads before it writes and makes each put conditional, with plain batches of the same items, in turn.</summary>
internal static class ImportSpeed
{
    private const int Repositories = 1_000;
    private const int Rounds = 7;
    private static readonly int[] Writers = [4, 8, 16];

    public static async Task RunAsync(TextWriter output)
    {
        var server = await DynamoDbServer.GetAsync();
        var endpoint = server.Endpoint ?? throw new InvalidOperationException(server.WhyNot);
        using var client = new AmazonDynamoDBClient(new BasicAWSCredentials("test", "test"), DynamoDbServer.ConfigFor(endpoint));
        var repositories = new Corpus().Take(Repositories).ToList();
        var (_, postings, rows) = await ImportAsync(endpoint, repositories); // the first run warms the caches
        var items = postings.Count + rows.Count;
        List<double> imports = [];
        var plain = Writers.ToDictionary(writers => writers, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            imports.Add(items / (await ImportAsync(endpoint, repositories)).Seconds);
            foreach (var writers in Writers)
                plain[writers].Add(items / await WriteAsync(client, postings, rows, writers));
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{Repositories:n0} repositories are {items:n0} items. Medians of {Rounds} rounds in which each is done once.\n\n| written by | items a second | an import / this |\n|---|---|---|\n| an import ({Median(imports) / items * Repositories:n0} repositories a second) | {Median(imports):n0} | |"));
        foreach (var (writers, speeds) in plain)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| plain BatchWriteItem of the same items, {writers} at a time | {Median(speeds):n0} | {Median([.. imports.Zip(speeds, (ours, theirs) => ours / theirs)]):0.00} |"));
        }
    }

    private static async Task<(double Seconds, List<WriteRequest> Postings, List<WriteRequest> Rows)> ImportAsync(string endpoint, List<Repository> repositories)
    {
        await using var tables = await BenchTables.CreateAsync(endpoint);
        var seconds = await Measure.SecondsAsync(() => tables.Index.ImportAsync(repositories.ToAsyncEnumerable()));
        var (postings, rows) = await tables.ItemsAsync();
        return (seconds, postings, rows);
    }

    private static async Task<double> WriteAsync(AmazonDynamoDBClient client, List<WriteRequest> postings, List<WriteRequest> rows, int writers)
    {
        var (search, repository) = ("s" + Guid.NewGuid().ToString("n"), "r" + Guid.NewGuid().ToString("n"));
        await client.CreateAsync(search, "p", "s");
        await client.CreateAsync(repository, "name");
        var (shuffledPostings, shuffledRows) = (postings.ToArray(), rows.ToArray());
        Random.Shared.Shuffle(shuffledPostings);
        Random.Shared.Shuffle(shuffledRows);
        var seconds = await Measure.SecondsAsync(async () =>
        {
            await client.WriteAllAsync(search, shuffledPostings, writers);
            await client.WriteAllAsync(repository, shuffledRows, writers);
        });
        await client.DeleteTableAsync(search);
        await client.DeleteTableAsync(repository);
        return seconds;
    }

    private static double Median(List<double> series) => series.Order().ElementAt(series.Count / 2);
}
