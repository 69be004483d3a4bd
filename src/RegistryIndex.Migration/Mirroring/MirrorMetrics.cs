using System.Diagnostics.Metrics;
using RegistryIndex.Diagnostics;

namespace RegistryIndex.Migration.Mirroring;

/// <summary>Metrics of the secondary, on the meter of the index. docs/monitoring.md lists them.</summary>
internal sealed class MirrorMetrics
{
    private readonly Counter<long> _writes;
    private readonly Counter<long> _comparisons;

    public MirrorMetrics(IMeterFactory factory, Func<long> pending)
    {
        var meter = factory.Create(RegistryIndexDiagnostics.Name);
        meter.CreateObservableGauge("registryindex.mirror.pending", pending, "{repository}", "Repositories that are not copied to the secondary yet.");
        _writes = meter.CreateCounter<long>("registryindex.mirror.writes", "{repository}", "Attempts to copy a repository to the secondary.");
        _comparisons = meter.CreateCounter<long>("registryindex.mirror.comparisons", "{search}", "Searches compared with the secondary.");
    }

    /// <param name="outcome">brought, failed (will be retried), refused or missed (both left for migrate).</param>
    public void Wrote(string outcome) => _writes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="outcome">same, different or failed.</param>
    public void Compared(string outcome) => _comparisons.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
