using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Diagnostics;
using RegistryIndex.EfCore;

namespace RegistryIndex.DynamoDb.Tests.Registration;

/// <summary>The metrics of an index that an application sees.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Every_operation_is_measured_and_only_failures_of_the_index_count_as_such()
    {
        await using var services = new ServiceCollection().AddEfCoreRegistryIndex(options => options.UseSqlite("sqlite://")).BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        var measured = new List<(string Operation, object? Error)>();
        var boundaries = new Dictionary<string, IReadOnlyList<double>?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Name == RegistryIndexDiagnostics.Name && instrument.Meter.Scope == factory && instrument is Histogram<double> histogram)
            {
                boundaries[histogram.Name] = histogram.Advice?.HistogramBucketBoundaries;
                to.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var found = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            measured.Add(((string?)found.GetValueOrDefault("operation") ?? "search", found.GetValueOrDefault("error.type")));
        });
        listener.Start();
        var index = services.GetRequiredService<IRegistryIndex>();

        await index.Awaiting(i => i.GetAsync("team/app", TestIndexes.Stop)).Should().ThrowAsync<RegistryIndexException>();
        await index.InitializeAsync(TestIndexes.Stop);
        await index.UpsertAsync(new("team/app"), TestIndexes.Stop);
        await index.Awaiting(i => i.UpsertAsync(new("Not a name"), TestIndexes.Stop)).Should().ThrowAsync<ArgumentException>();
        await index.Awaiting(i => i.SearchAsync(new("app"), new CancellationToken(canceled: true))).Should().ThrowAsync<OperationCanceledException>();
        (await index.ListAsync(cancellationToken: TestIndexes.Stop).CountAsync(TestIndexes.Stop)).Should().Be(1);
        (await index.ScanAsync(cancellationToken: TestIndexes.Stop).CountAsync(TestIndexes.Stop)).Should().Be(1);
        await index.TryReplaceMarkAsync("first-load", null, "done", TestIndexes.Stop);
        await index.ReadMarkAsync("first-load", TestIndexes.Stop);

        measured.Should().Equal(
            ("get", nameof(RegistryIndexException)), ("initialize", null), ("upsert", null), ("upsert", null), ("search", null), ("list", null), ("scan", null),
            ("replace_mark", null), ("read_mark", null));
        boundaries.Keys.Should().BeEquivalentTo("registryindex.search.duration", "registryindex.operation.duration");
        boundaries.Values.Should().AllSatisfy(of => of![0].Should().BeLessThan(0.001, "a search takes less than a millisecond"));
    }
}
