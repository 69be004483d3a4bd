namespace RegistryIndex.Diagnostics;

/// <summary>What an application names to collect what the index measures and traces.</summary>
public static class RegistryIndexDiagnostics
{
    /// <summary>The name of the meter and of the activity source; docs/configuration.md lists what they hold.</summary>
    public const string Name = "RegistryIndex";
}
