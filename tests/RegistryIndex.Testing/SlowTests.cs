using RegistryIndex.Conformance;

namespace RegistryIndex.Testing;

/// <summary>Tests that take minutes. They run every night (eng/nightly.sh), not with every change.</summary>
public static class SlowTests
{
    public const string Variable = "REGISTRYINDEX_TEST_SLOW";

    public static bool IsWanted => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>The kit's options, with its slow cases if they are enabled.</summary>
    public static ConformanceOptions Options => new() { Quick = !IsWanted };
}
