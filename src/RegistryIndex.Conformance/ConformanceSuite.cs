using System.Collections.Frozen;
using RegistryIndex.Conformance.Cases;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance;

/// <summary>All cases of the kit, and the methods that run them. Thread-safe.</summary>
public static class ConformanceSuite
{
    private static readonly FrozenDictionary<string, ConformanceCase> ById = AllCases.Everything.ToFrozenDictionary(one => one.Id, StringComparer.Ordinal);

    /// <summary>The cases, topic by topic.</summary>
    public static IReadOnlyList<ConformanceCase> Cases => AllCases.Everything;

    /// <summary>Returns the case with the given id.</summary>
    /// <exception cref="ArgumentException">No case has this id.</exception>
    public static ConformanceCase Find(string id) => ById.GetValueOrDefault(id ?? "")
        ?? throw new ArgumentException($"The conformance kit has no case '{id}'.", nameof(id));

    /// <summary>
    /// Runs every case that the options do not leave out, one after the other. Each case has an index of its own, which is dropped afterwards.
    /// </summary>
    /// <param name="harness">The harness of the provider to test.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the run. The index of the current case is dropped first.</param>
    /// <exception cref="ArgumentException">The options name a case that does not exist.</exception>
    public static async Task<ConformanceReport> RunAsync(ConformanceHarness harness, ConformanceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(harness);
        options ??= new();
        foreach (var id in options.Disabled.Keys)
            _ = Find(id);
        var only = options.Only.Select(Find).ToHashSet();
        var results = new List<CaseResult>(Cases.Count);
        foreach (var one in Cases.Where(one => only.Count == 0 || only.Contains(one)))
        {
            var result = await CaseRunner.RunAsync(one, harness, options, cancellationToken).ConfigureAwait(false);
            results.Add(result);
            options.Progress?.Report(result);
        }

        return ConformanceReport.Of(harness, options, results);
    }

    /// <summary>Runs one case. Adapters for test frameworks use it.</summary>
    /// <exception cref="ArgumentException">No case has this id.</exception>
    public static Task<CaseResult> RunCaseAsync(string id, ConformanceHarness harness, ConformanceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(harness);
        return CaseRunner.RunAsync(Find(id), harness, options ?? new(), cancellationToken);
    }
}
