using System.Diagnostics.Metrics;
using RegistryIndex.Diagnostics;

namespace RegistryIndex.Synchronization.Refreshing;

/// <summary>What following a registry measures; docs/configuration.md lists it.</summary>
internal sealed class FollowMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _lookups;
    private readonly Counter<long> _changes;
    private readonly Histogram<double> _syncs;

    public FollowMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(IndexMetrics.Name);
        _lookups = _meter.CreateCounter<long>("registryindex.lookups", "{lookup}", "Look-ups of a repository in the registry, by outcome.");
        _changes = _meter.CreateCounter<long>("registryindex.changes", "{repository}", "What events and re-syncs changed in the index.");
        _syncs = _meter.CreateHistogram<double>("registryindex.sync.duration", "s", "How long a re-sync took, by outcome.");
    }

    public void LookedUp(string outcome) => _lookups.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Changed(string change, long count = 1)
    {
        if (count > 0)
            _changes.Add(count, new KeyValuePair<string, object?>("change", change));
    }

    public void Synced(string outcome, TimeSpan elapsed) => _syncs.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    public void ObserveQueue(Func<int> length) =>
        _meter.CreateObservableGauge("registryindex.queue.length", length, "{repository}", "Repositories that wait to be looked up.");

    public void ObserveSource(Func<bool?> isUp) => _meter.CreateObservableGauge(
        "registryindex.registry.up", () => isUp() is { } up ? [new Measurement<int>(up ? 1 : 0)] : Array.Empty<Measurement<int>>(), description: "Whether the registry, or its storage, answers.");
}
