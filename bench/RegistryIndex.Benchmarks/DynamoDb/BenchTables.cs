using System.Diagnostics.Metrics;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.DynamoDb;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.Benchmarks.DynamoDb;

/// <summary>The cost of a call: billed units from the index's own meter, requests, and waves of requests.</summary>
internal sealed record Cost(double ReadUnits, double WriteUnits, int Requests, int? Waves);

/// <summary>An index in tables of its own, which are deleted at the end.</summary>
internal sealed class BenchTables : IAsyncDisposable
{
    // Long enough to see that requests run at the same time.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    private readonly string _database = "b" + Guid.NewGuid().ToString("n");
    private readonly FaultyDynamoDb _counting;
    private readonly IConfiguration _configuration;
    private readonly ServiceProvider _services;

    private BenchTables(string endpoint)
    {
        _counting = new FaultyDynamoDb(endpoint);
        _configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("search_backend", "dynamodb"), new("extensions:dynamodb_index:database", _database), new("extensions:dynamodb_index:endpoint", endpoint),
            new("extensions:dynamodb_index:access_key", "test"), new("extensions:dynamodb_index:secret_access_key", "test"),
            new("extensions:dynamodb_index:request_timeout", "120"), // DynamoDB Local with millions of items needs long for a megabyte
        ]).Build();
        _services = new ServiceCollection().AddLogging().AddRegistryIndex(_configuration).BuildServiceProvider();
    }

    /// <summary>The index that applications get.</summary>
    public IRegistryIndex Index => _services.GetRequiredService<IRegistryIndex>();

    public static async Task<BenchTables> CreateAsync(string endpoint)
    {
        var tables = new BenchTables(endpoint);
        await tables.Index.InitializeAsync();
        return tables;
    }

    /// <summary>Measures a call in a process that has just opened the index.</summary>
    public async Task<Cost> CostAsync(Call call)
    {
        _counting.Delay = TimeSpan.Zero;
        await using var services = new ServiceCollection().AddLogging().AddSingleton<IAmazonDynamoDB>(_counting).AddRegistryIndex(_configuration).BuildServiceProvider();
        var index = services.GetRequiredService<IRegistryIndex>();
        await index.InitializeAsync();
        if (call.Before is { } before)
            await before(index);
        _counting.Delay = call.IsLong ? TimeSpan.Zero : Delay;
        using var meter = new UnitMeter();
        _counting.ResetCounts();
        await call.Run(index, services.GetRequiredService<DynamoDbMaintenance>());
        return new(meter.Read, meter.Written, _counting.Calls, call.IsLong ? null : _counting.Waves);
    }

    /// <summary>All postings and all rows, as write requests of a batch.</summary>
    public async Task<(List<WriteRequest> Postings, List<WriteRequest> Rows)> ItemsAsync() =>
        (await _counting.AllAsync($"{_database}-search"), await _counting.AllAsync($"{_database}-repository"));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        foreach (var table in new[] { "repository", "version", "search" })
            await _counting.DeleteTableAsync($"{_database}-{table}");
        _counting.Dispose();
    }

    private sealed class UnitMeter : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Lock _gate = new();

        public UnitMeter()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "RegistryIndex" && instrument.Name == "registryindex.dynamodb.units")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
            {
                var isRead = tags.ToArray().Any(tag => tag.Value is "read");
                lock (_gate)
                {
                    if (isRead)
                        Read += value;
                    else
                        Written += value;
                }
            });
            _listener.Start();
        }

        public double Read { get; private set; }

        public double Written { get; private set; }

        public void Dispose() => _listener.Dispose();
    }
}
