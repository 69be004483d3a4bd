namespace RegistryIndex.Diagnostics;

/// <summary>The name that an application needs to collect the metrics and traces of the index.</summary>
public static class RegistryIndexDiagnostics
{
    /// <summary>The name of the meter and of the activity source. docs/monitoring.md lists their contents.</summary>
    public const string Name = "RegistryIndex";
}
