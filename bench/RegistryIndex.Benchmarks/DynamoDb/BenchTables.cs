using System.Diagnostics.Metrics;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.Benchmarks.DynamoDb;

/// <summary>What a call cost: billed units as the index's own meter has them, requests, and how often somebody waited for DynamoDB.</summary>
internal sealed record Cost(double ReadUnits, double WriteUnits, int Requests, int Waves);

/// <summary>An index in tables of its own, which go with it.</summary>
internal sealed class BenchTables : IAsyncDisposable
{
    // Long enough that requests sent side by side are seen to be.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    private readonly string _database = "b" + Guid.NewGuid().ToString("n");
    private readonly FaultyDynamoDb _counting;
    private readonly ServiceProvider _plainServices;
    private readonly ServiceProvider _countedServices;

    private BenchTables(string endpoint)
    {
        _counting = new FaultyDynamoDb(endpoint) { Delay = Delay };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("search_backend", "dynamodb"), new("extensions:dynamodb_index:database", _database), new("extensions:dynamodb_index:endpoint", endpoint),
            new("extensions:dynamodb_index:access_key", "test"), new("extensions:dynamodb_index:secret_access_key", "test"),
        ]).Build();
        _plainServices = new ServiceCollection().AddLogging().AddRegistryIndex(configuration).BuildServiceProvider();
        _countedServices = new ServiceCollection().AddLogging().AddSingleton<IAmazonDynamoDB>(_counting).AddRegistryIndex(configuration).BuildServiceProvider();
    }

    /// <summary>The index as applications have it.</summary>
    public IRegistryIndex Index => _plainServices.GetRequiredService<IRegistryIndex>();

    public static async Task<BenchTables> CreateAsync(string endpoint)
    {
        var tables = new BenchTables(endpoint);
        await tables.Index.InitializeAsync();
        await tables._countedServices.GetRequiredService<IRegistryIndex>().InitializeAsync();
        return tables;
    }

    /// <summary>What one call costs.</summary>
    public async Task<Cost> CostAsync(Func<IRegistryIndex, Task> call)
    {
        using var meter = new UnitMeter();
        _counting.ResetCounts();
        await call(_countedServices.GetRequiredService<IRegistryIndex>());
        return new(meter.Read, meter.Written, _counting.Calls, _counting.Waves);
    }

    /// <summary>Every posting, and every row, as what a batch would write.</summary>
    public async Task<(List<WriteRequest> Postings, List<WriteRequest> Rows)> ItemsAsync() =>
        (await _counting.AllAsync($"{_database}-search"), await _counting.AllAsync($"{_database}-repository"));

    public async ValueTask DisposeAsync()
    {
        await _plainServices.DisposeAsync();
        await _countedServices.DisposeAsync();
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
                if (instrument.Meter.Name == "RegistryIndex" && instrument.Name.EndsWith("_units", StringComparison.Ordinal))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
            {
                lock (_gate)
                {
                    if (instrument.Name.EndsWith("read_units", StringComparison.Ordinal))
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
