using System.Collections.Frozen;
using RegistryIndex.Conformance.Cases;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance;

/// <summary>All that the kit tries, and how to try it. Thread-safe.</summary>
public static class ConformanceSuite
{
    private static readonly FrozenDictionary<string, ConformanceCase> ById = AllCases.Everything.ToFrozenDictionary(one => one.Id, StringComparer.Ordinal);

    /// <summary>The cases, topic by topic.</summary>
    public static IReadOnlyList<ConformanceCase> Cases => AllCases.Everything;

    /// <summary>The case of that id.</summary>
    /// <exception cref="ArgumentException">There is no such case.</exception>
    public static ConformanceCase Find(string id) => ById.GetValueOrDefault(id ?? "")
        ?? throw new ArgumentException($"The conformance kit has no case '{id}'.", nameof(id));

    /// <summary>Tries every case that the options do not leave out, one after the other, each on an index of its own that is dropped afterwards.</summary>
    /// <param name="harness">The provider to try.</param>
    /// <param name="options">How; the defaults if not given.</param>
    /// <param name="cancellationToken">Stops; what the case at hand made is dropped first.</param>
    /// <exception cref="ArgumentException">The options name a case that there is not.</exception>
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

    /// <summary>Tries one case; for adapters of test frameworks.</summary>
    /// <exception cref="ArgumentException">There is no such case.</exception>
    public static Task<CaseResult> RunCaseAsync(string id, ConformanceHarness harness, ConformanceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(harness);
        return CaseRunner.RunAsync(Find(id), harness, options ?? new(), cancellationToken);
    }
}
