using System.Diagnostics.Metrics;
using RegistryIndex.Diagnostics;

namespace RegistryIndex.Server.Events;

/// <summary>Counts the registry's events, by outcome.</summary>
internal sealed class EventMetrics(IMeterFactory factory)
{
    private readonly Counter<long> _events =
        factory.Create(RegistryIndexDiagnostics.Name).CreateCounter<long>("registryindex.events", "{event}", "Events of the registry, by outcome.");

    /// <summary>Counts an event, or a whole body of events that was refused.</summary>
    public void Count(string outcome) => _events.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
