using System.Diagnostics.Metrics;
using RegistryIndex.Diagnostics;

namespace RegistryIndex.Migration.Mirroring;

/// <summary>How the secondary keeps up, on the meter of the index; docs/configuration.md lists them.</summary>
internal sealed class MirrorMetrics
{
    private readonly Counter<long> _writes;
    private readonly Counter<long> _comparisons;

    public MirrorMetrics(IMeterFactory factory, Func<long> pending)
    {
        var meter = factory.Create(IndexMetrics.Name);
        meter.CreateObservableGauge("registryindex.mirror.pending", pending, "{repository}", "Repositories that were written and are not brought to the secondary yet.");
        _writes = meter.CreateCounter<long>("registryindex.mirror.writes", "{repository}", "Attempts to bring a repository to the secondary.");
        _comparisons = meter.CreateCounter<long>("registryindex.mirror.comparisons", "{search}", "Searches compared with the secondary.");
    }

    /// <param name="outcome">brought, failed (tried again), refused or missed (both left to migrate).</param>
    public void Wrote(string outcome) => _writes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="outcome">same, different or failed.</param>
    public void Compared(string outcome) => _comparisons.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
