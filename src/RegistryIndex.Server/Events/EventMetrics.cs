using System.Diagnostics.Metrics;
using RegistryIndex.Diagnostics;

namespace RegistryIndex.Server.Events;

/// <summary>Counts events of the registry, by what became of them.</summary>
internal sealed class EventMetrics(IMeterFactory factory)
{
    private readonly Counter<long> _events =
        factory.Create(IndexMetrics.Name).CreateCounter<long>("registryindex.events", "{event}", "Events of the registry, by what became of them.");

    /// <summary>An event, or a whole body of them that was refused.</summary>
    public void Count(string outcome) => _events.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
