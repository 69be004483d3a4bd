using System.Diagnostics.Metrics;
using RegistryIndex.Diagnostics;

namespace RegistryIndex.Server.Access;

/// <summary>Counts logins, by outcome.</summary>
internal sealed class AccessMetrics(IMeterFactory factory)
{
    private readonly Counter<long> _logins = factory.Create(RegistryIndexDiagnostics.Name).CreateCounter<long>("registryindex.logins", "{login}", "Logins with a password or a secret, by outcome.");

    public void LoggedIn(string outcome) => _logins.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
