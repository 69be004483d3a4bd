using RegistryIndex.Conformance;

namespace RegistryIndex.Testing;

/// <summary>What takes minutes, and so runs every night (eng/nightly.sh) and not with every change.</summary>
public static class Slow
{
    public const string Variable = "REGISTRYINDEX_TEST_SLOW";

    public static bool IsWanted => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>The kit's options, with its slow cases where they are wanted.</summary>
    public static ConformanceOptions Options => new() { Quick = !IsWanted };
}
