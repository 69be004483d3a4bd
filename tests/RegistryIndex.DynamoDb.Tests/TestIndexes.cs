using System.Diagnostics.Metrics;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Searching;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The tables of one test, with a prefix of their own, and the indexes that are opened on them.</summary>
internal sealed class TestIndexes : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<DynamoDbIndex> _opened = [];

    public const string LegacyIndex = "Repositories-By-Description-Index";

    private TestIndexes(string endpoint)
    {
        Endpoint = endpoint;
        Client = NewClient();
        var patient = DynamoDbServer.ConfigFor(endpoint);
        patient.MaxErrorRetry = 8;
        Setup = new(new BasicAWSCredentials("test", "test"), patient);
        var prefix = "t" + Guid.NewGuid().ToString("n");
        Options = new()
        {
            Database = prefix,
            RepositoryTable = prefix + "-repository",
            VersionTable = prefix + "-version",
            SearchTable = prefix + "-search",
            Region = "us-east-1",
            Endpoint = endpoint,
        };
    }

    public string Endpoint { get; }

    /// <summary>The time of DynamoDB, and of processes whose clock is right.</summary>
    public ShiftedTime Time { get; } = new();

    /// <summary>A client without faults.</summary>
    public FaultyDynamoDb Client { get; }

    /// <summary>
    /// The client with which a test prepares and inspects tables. It retries, because DynamoDB Local sometimes answers 500 when many tables
    /// are created.
    /// </summary>
    public AmazonDynamoDBClient Setup { get; }

    public DynamoDbIndexOptions Options { get; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The meter factory that only these indexes use.</summary>
    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public static async Task<TestIndexes> NewAsync() => new(Require(await DynamoDbServer.GetAsync()));

    /// <summary>The endpoint to test against. Without one, the test is skipped, or fails if DynamoDB Local is required.</summary>
    public static string Require(DynamoDbServer server)
    {
        if (server.Endpoint is null && DynamoDbServer.IsRequired)
            Assert.Fail(server.WhyNot!);
        Assert.SkipWhen(server.Endpoint is null, server.WhyNot ?? "");
        return server.Endpoint!;
    }

    /// <summary>Opens the index as a new process would, and waits until predecessors' rows are adopted.</summary>
    public async Task<DynamoDbIndex> OpenAsync(IAmazonDynamoDB? client = null, TimeProvider? time = null, ILogger<DynamoDbIndex>? logger = null)
    {
        var index = New(client, time, logger: logger);
        await index.InitializeAsync(Stop);
        return index;
    }

    public DynamoDbIndex New(IAmazonDynamoDB? client = null, TimeProvider? time = null, SearchEffort? effort = null, ILogger<DynamoDbIndex>? logger = null, TimeSpan? lease = null)
    {
        var index = new DynamoDbIndex(client ?? Client, Options, Meters, logger ?? NullLogger<DynamoDbIndex>.Instance, time ?? Time, lease ?? TimeSpan.FromMilliseconds(300), effort);
        _opened.Add(index);
        return index;
    }

    public TableNames Names => new(Options.RepositoryTable, Options.VersionTable, Options.SearchTable);

    public RequestSender SenderOf(IAmazonDynamoDB client) => new(client, Endpoint, TimeSpan.FromSeconds(Options.RetryTimeout), new RequestMetrics(Meters), TimeProvider.System);

    /// <summary>The store of one call of the index.</summary>
    public DynamoDbStore NewStore(IAmazonDynamoDB client) => new(SenderOf(client), Names, "test", written: null, Stop);

    public FaultyDynamoDb NewClient(int seed = 1) => new(Endpoint, Time) { Random = new Random(seed) };

    public async Task<List<Dictionary<string, AttributeValue>>> ItemsOfAsync(string table)
    {
        List<Dictionary<string, AttributeValue>> items = [];
        Dictionary<string, AttributeValue>? position = null;
        do
        {
            var page = await Setup.ScanAsync(new ScanRequest { TableName = table, ExclusiveStartKey = position }, Stop);
            items.AddRange(page.Items ?? []);
            position = page.LastEvaluatedKey;
        }
        while (position is { Count: > 0 });
        return items;
    }

    /// <summary>All tables with the prefix and all their items, as text.</summary>
    public async Task<List<string>> EverythingAsync()
    {
        List<string> everything = [];
        foreach (var table in new[] { Options.RepositoryTable, Options.VersionTable, Options.SearchTable })
        {
            try
            {
                var items = await ItemsOfAsync(table);
                everything.AddRange([table, .. items.Select(item => $"{table}: {string.Join(", ", item.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value.S ?? one.Value.N}"))}").Order()]);
            }
            catch (ResourceNotFoundException)
            {
                // The table does not exist.
            }
        }

        return everything;
    }

    public async Task<List<RepositoryRow>> RowsAsync() => [.. (await ItemsOfAsync(Options.RepositoryTable)).Select(RepositoryRow.FromItem)];

    public async Task<List<Posting>> PostingsAsync() => [.. (await ItemsOfAsync(Options.SearchTable)).Select(item => Posting.FromItem(item)!.Value)];

    /// <summary>Puts a row into the repository table as a predecessor would.</summary>
    public Task PutLegacyRowAsync(string name, string? description)
    {
        var item = RepositoryRow.KeyOf(name);
        if (description is not null)
            item["description"] = new(description);
        return Setup.PutItemAsync(Options.RepositoryTable, item, Stop);
    }

    /// <summary>Changes a description as a predecessor would, without changing the other attributes of the row.</summary>
    public Task SetLegacyDescriptionAsync(string name, string description) => Setup.UpdateItemAsync(
        Options.RepositoryTable, RepositoryRow.KeyOf(name), new() { ["description"] = new() { Action = AttributeAction.PUT, Value = new(description) } }, Stop);

    /// <summary>Creates the tables of a predecessor, as the predecessor created them.</summary>
    public async Task MakeLegacyTablesAsync(int version = 1)
    {
        ProvisionedThroughput throughput = new(5, 5);
        await CreateAsync(
            new CreateTableRequest
            {
                TableName = Options.RepositoryTable,
                KeySchema = [new("name", KeyType.HASH)],
                AttributeDefinitions = [new("name", ScalarAttributeType.S), new("description", ScalarAttributeType.S)],
                ProvisionedThroughput = throughput,
                GlobalSecondaryIndexes =
                [
                    new()
                    {
                        IndexName = LegacyIndex,
                        KeySchema = [new("description", KeyType.HASH)],
                        Projection = new() { ProjectionType = ProjectionType.ALL },
                        ProvisionedThroughput = throughput,
                    },
                ],
            });
        await CreateAsync(new CreateTableRequest(Options.VersionTable, [new("version", KeyType.HASH)], [new("version", ScalarAttributeType.N)], throughput));
        await Setup.PutItemAsync(Options.VersionTable, new() { ["version"] = new() { N = $"{version}" } }, Stop);
    }

    public async Task CreateAsync(CreateTableRequest request)
    {
        try
        {
            await Setup.CreateTableAsync(request, Stop);
        }
        catch (ResourceInUseException)
        {
            // A retry after an error, although the request had succeeded.
        }
    }

    public async Task DropAsync(string table)
    {
        try
        {
            await Setup.DeleteTableAsync(table, CancellationToken.None);
        }
        catch (ResourceNotFoundException)
        {
            // The test did not create the table, or this is a retry.
        }
    }

    /// <summary>Runs a sweep after all existing data has become old.</summary>
    public Task<SweepResult> SweepAsync(DynamoDbIndex index)
    {
        Time.Advance(TimeSpan.FromHours(2));
        return index.SweepAsync(dryRun: false, DynamoDbMaintenance.DefaultGrace, force: true, null, Stop);
    }

    /// <summary>Waits until the background adoption has written the postings of every row.</summary>
    public static async Task AdoptedAsync(DynamoDbIndex index)
    {
        await Eventually.BeAsync(async () => await index.IsAdoptedAsync(Stop));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var index in _opened)
            await index.DisposeAsync();
        foreach (var table in new[] { Options.RepositoryTable, Options.VersionTable, Options.SearchTable })
            await DropAsync(table);
        Client.Dispose();
        Setup.Dispose();
        await _services.DisposeAsync();
    }
}
