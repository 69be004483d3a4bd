using System.Diagnostics.Metrics;
using RegistryIndex.Diagnostics;

namespace RegistryIndex.Synchronization.Refreshing;

/// <summary>The metrics of following a registry; docs/monitoring.md lists them.</summary>
internal sealed class FollowMetrics
{
    // In seconds: from a registry of a few repositories to one that is read for hours.
    private static readonly double[] OfSyncs = [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400];

    private readonly Meter _meter;
    private readonly Counter<long> _lookups;
    private readonly Counter<long> _changes;
    private readonly Histogram<double> _syncs;

    public FollowMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(RegistryIndexDiagnostics.Name);
        _lookups = _meter.CreateCounter<long>("registryindex.lookups", "{lookup}", "Look-ups of a repository in the registry, by outcome.");
        _changes = _meter.CreateCounter<long>("registryindex.changes", "{repository}", "Changes of the index by events and re-syncs.");
        _syncs = _meter.CreateHistogram<double>("registryindex.sync.duration", "s", "The duration of a re-sync, by outcome.", advice: new() { HistogramBucketBoundaries = OfSyncs });
    }

    public void LookedUp(string outcome) => _lookups.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Changed(string change, long count = 1)
    {
        if (count > 0)
            _changes.Add(count, new KeyValuePair<string, object?>("change", change));
    }

    public void Synced(string outcome, TimeSpan elapsed) => _syncs.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    public void ObserveQueue(Func<int> length) =>
        _meter.CreateObservableGauge("registryindex.event_queue.length", length, "{repository}", "Repositories that wait to be looked up.");

    public void ObserveLastSync(Func<DateTimeOffset?> ended) => _meter.CreateObservableGauge(
        "registryindex.last_sync.timestamp",
        () => ended() is { } end ? [new Measurement<double>(end.ToUnixTimeMilliseconds() / 1000.0)] : Array.Empty<Measurement<double>>(), "s", "When the last re-sync ended, in seconds since 1970.");

    public void ObserveSource(Func<bool?> isUp) => _meter.CreateObservableGauge(
        "registryindex.registry.up", () => isUp() is { } up ? [new Measurement<int>(up ? 1 : 0)] : Array.Empty<Measurement<int>>(), description: "Whether the registry, or its storage, answers.");
}
