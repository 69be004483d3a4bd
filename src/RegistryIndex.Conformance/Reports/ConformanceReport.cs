using System.Text.Json;
using RegistryIndex.Conformance.Reports;

namespace RegistryIndex.Conformance;

/// <summary>The results of a run of the kit, and the formats in which they can be saved.</summary>
public sealed class ConformanceReport
{
    private ConformanceReport(string name, int seed, IReadOnlyDictionary<Capability, string?> whyNot, IReadOnlyList<CaseResult> results) =>
        (Name, Seed, WhyNot, Results) = (name, seed, whyNot, results);

    /// <summary>The name of the harness.</summary>
    public string Name { get; }

    /// <summary>The seed of the random cases.</summary>
    public int Seed { get; }

    /// <summary>For each capability, why the harness lacks it, or null when it has it.</summary>
    public IReadOnlyDictionary<Capability, string?> WhyNot { get; }

    /// <summary>The result of each case.</summary>
    public IReadOnlyList<CaseResult> Results { get; }

    /// <summary>Whether no case failed or was an error. Skipped and disabled cases do not count against a provider; the report shows them.</summary>
    public bool Succeeded => Count(CaseOutcome.Fail) + Count(CaseOutcome.Error) == 0;

    /// <summary>Whether the run includes every case of the kit, not only those in <see cref="ConformanceOptions.Only"/>.</summary>
    internal bool IsComplete => Results.Count == ConformanceSuite.Cases.Count;

    /// <summary>
    /// The cases that failed or were an error, the most informative first: harness errors, then failures after the fewest calls; random and large
    /// cases last.
    /// </summary>
    public IEnumerable<CaseResult> Failures => Results
        .Where(result => result.Outcome is CaseOutcome.Fail or CaseOutcome.Error)
        .OrderBy(result => result.Case.IsSlow || result.Case.Topic == "Histories")
        .ThenBy(result => result.Failure?.Done.Count ?? 0);

    /// <summary>The total duration of all cases.</summary>
    public TimeSpan Duration => Results.Aggregate(TimeSpan.Zero, (sum, result) => sum + result.Duration);

    /// <summary>Returns the number of cases with the given outcome.</summary>
    public int Count(CaseOutcome outcome) => Results.Count(result => result.Outcome == outcome);

    /// <summary>For each clause of the contract, the results of the cases that test it.</summary>
    public IEnumerable<(ContractClause Clause, IReadOnlyList<CaseResult> Results)> Coverage => Contract.Clauses.Select(clause =>
        (clause, (IReadOnlyList<CaseResult>)[.. Results.Where(result => result.Case.Clauses.Contains(clause.Number))]));

    /// <summary>
    /// One sentence: the number of cases per outcome and, if all cases ran, the number of clauses with a case that passed.
    /// </summary>
    public string Summary => $"{Name}: {Counts}{(IsComplete ? $"; {Coverage.Count(c => c.Results.Any(r => r.Outcome == CaseOutcome.Pass))} of {Contract.Clauses.Count} clauses have a case that passed" : "")}.";

    private string Counts => string.Join(", ", Enum.GetValues<CaseOutcome>().Where(o => o == CaseOutcome.Pass || Count(o) > 0).Select(o => $"{Count(o)} {Word(o)}"));

    /// <summary>Writes a table for a terminal: a line for each case, then the failures, the clauses and the summary.</summary>
    public void WriteTable(TextWriter to)
    {
        ArgumentNullException.ThrowIfNull(to);
        TableReport.Write(this, to);
    }

    /// <summary>Returns the report as JUnit XML, which build servers read.</summary>
    public string ToJUnitXml() => JUnitReport.Write(this);

    /// <summary>Returns the report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(JsonReport.Of(this), JsonReportContext.Default.JsonReport);

    /// <summary>Returns the report as one self-contained HTML page.</summary>
    public string ToHtml() => HtmlReport.Write(this);

    internal static ConformanceReport Of(ConformanceHarness harness, ConformanceOptions options, IReadOnlyList<CaseResult> results) =>
        new(harness.Name, options.Seed, Enum.GetValues<Capability>().ToDictionary(capability => capability, harness.WhyNot), results);

    internal static string Word(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Pass => "passed",
        CaseOutcome.Fail => "failed",
        CaseOutcome.Skip => "skipped",
        CaseOutcome.Disabled => "disabled",
        _ => "in error",
    };
}
