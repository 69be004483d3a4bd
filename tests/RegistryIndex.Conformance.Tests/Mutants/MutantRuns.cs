using System.Collections.Concurrent;
using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>What came of wrong providers; each is tried once, however often it is asked for.</summary>
internal static class MutantRuns
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<(CaseResult Result, int Live)>>> Runs = new(StringComparer.Ordinal);

    /// <summary>Tries it with the case that it names.</summary>
    /// <returns>The result, and how many scratch indexes were left.</returns>
    public static Task<(CaseResult Result, int Live)> OfAsync(Mutant mutant) => Runs.GetOrAdd(mutant.Does, _ => new(() => RunAsync(mutant))).Value;

    private static async Task<(CaseResult Result, int Live)> RunAsync(Mutant mutant)
    {
        var harness = new MemoryHarness(mutant.Make);
        var options = new ConformanceOptions { CaseTimeout = mutant.Does == "hangs" ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(2) };
        return (await ConformanceSuite.RunCaseAsync(mutant.Case, harness, options, CancellationToken.None), harness.Live);
    }
}
