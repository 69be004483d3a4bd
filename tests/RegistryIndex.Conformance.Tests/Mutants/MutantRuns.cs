using System.Collections.Concurrent;
using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>The results of wrong providers. Each is tested once, and the result is kept.</summary>
internal static class MutantRuns
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<(CaseResult Result, int Live)>>> Runs = new(StringComparer.Ordinal);

    /// <summary>Tests a provider with the case that it names.</summary>
    /// <returns>The result, and the number of scratch indexes that remain.</returns>
    public static Task<(CaseResult Result, int Live)> OfAsync(Mutant mutant) => Runs.GetOrAdd(mutant.Does, _ => new(() => RunAsync(mutant))).Value;

    private static async Task<(CaseResult Result, int Live)> RunAsync(Mutant mutant)
    {
        var harness = new MemoryHarness(mutant.Make);
        var options = new ConformanceOptions { CaseTimeout = mutant.Does == "hangs" ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(5) };
        return (await ConformanceSuite.RunCaseAsync(mutant.Case, harness, options, CancellationToken.None), harness.Live);
    }
}
