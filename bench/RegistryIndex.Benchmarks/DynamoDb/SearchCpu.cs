using System.Diagnostics;
using System.Globalization;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.Benchmarks.DynamoDb;

/// <summary>
/// Measures the processor time and memory of a search in the process that makes it. DynamoDB runs in another process and is not included.
/// Reads are consistent, so that every search reads its rows.
/// </summary>
internal static class SearchCpu
{
    private const int Repositories = 10_000;
    private const int WarmUp = 300;
    private const int Searches = 1_000;

    private static readonly (string What, string Query)[] Queries =
    [
        ("a page of 25, in names", Corpus.QuarterOfNames), ("a page of 25, in descriptions", Corpus.Quarter),
        ("rare: one repository has it", Corpus.Single), ("none", "nothing-like-it"), ("every repository", ""),
    ];

    public static async Task RunAsync(TextWriter output)
    {
        var server = await DynamoDbServer.GetAsync();
        var endpoint = server.Endpoint ?? throw new InvalidOperationException(server.WhyNot);
        var database = "b" + Guid.NewGuid().ToString("n");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("search_backend", "dynamodb"), new("extensions:dynamodb_index:database", database), new("extensions:dynamodb_index:endpoint", endpoint),
            new("extensions:dynamodb_index:access_key", "test"), new("extensions:dynamodb_index:secret_access_key", "test"),
            new("extensions:dynamodb_index:request_timeout", "120"), new("extensions:dynamodb_index:consistent_reads", "true"),
        ]).Build();
        await using var services = new ServiceCollection().AddLogging().AddRegistryIndex(configuration).BuildServiceProvider();
        var index = services.GetRequiredService<IRegistryIndex>();
        await index.InitializeAsync();
        try
        {
            await index.ImportAsync(new Corpus().Take(Repositories).ToAsyncEnumerable());
            await output.WriteLineAsync("| search | ms of processor time | KB allocated |\n|---|---|---|");
            foreach (var (what, query) in Queries)
            {
                await SearchAsync(index, query, WarmUp);
                using var process = Process.GetCurrentProcess();
                var (time, bytes) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
                await SearchAsync(index, query, Searches);
                process.Refresh();
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"| {what} | {(process.TotalProcessorTime - time).TotalMilliseconds / Searches:0.00} | {(GC.GetTotalAllocatedBytes(precise: true) - bytes) / 1024.0 / Searches:0} |"));
            }
        }
        finally
        {
            using var client = new AmazonDynamoDBClient("test", "test", DynamoDbServer.ConfigFor(endpoint));
            foreach (var table in new[] { "repository", "version", "search" })
                await client.DeleteTableAsync($"{database}-{table}");
        }
    }

    private static async Task SearchAsync(IRegistryIndex index, string query, int times)
    {
        for (var i = 0; i < times; i++)
            await index.SearchAsync(new SearchRequest(query));
    }
}
