using System.Text.Json;
using RegistryIndex.Conformance.Reports;

namespace RegistryIndex.Conformance;

/// <summary>What came of a run of the kit, and the forms in which it can be kept.</summary>
public sealed class ConformanceReport
{
    private ConformanceReport(string name, int seed, IReadOnlyDictionary<Capability, string?> whyNot, IReadOnlyList<CaseResult> results) =>
        (Name, Seed, WhyNot, Results) = (name, seed, whyNot, results);

    /// <summary>What was tried: the name of the harness.</summary>
    public string Name { get; }

    /// <summary>What the random cases grew from.</summary>
    public int Seed { get; }

    /// <summary>For each capability why the harness lacks it, or null when it has it.</summary>
    public IReadOnlyDictionary<Capability, string?> WhyNot { get; }

    /// <summary>What came of each case.</summary>
    public IReadOnlyList<CaseResult> Results { get; }

    /// <summary>Whether no case failed or was an error. Skipped and disabled cases are not held against a provider; they are shown.</summary>
    public bool Succeeded => Count(CaseOutcome.Fail) + Count(CaseOutcome.Error) == 0;

    /// <summary>The cases that failed or were an error, the most telling first: harness errors, then what fails after the fewest calls; random and large cases last.</summary>
    public IEnumerable<CaseResult> Failures => Results
        .Where(result => result.Outcome is CaseOutcome.Fail or CaseOutcome.Error)
        .OrderBy(result => result.Case.IsSlow || result.Case.Topic == "Histories")
        .ThenBy(result => result.Failure?.Done.Count ?? 0);

    /// <summary>How long all cases took.</summary>
    public TimeSpan Duration => Results.Aggregate(TimeSpan.Zero, (sum, result) => sum + result.Duration);

    /// <summary>How many cases ended so.</summary>
    public int Count(CaseOutcome outcome) => Results.Count(result => result.Outcome == outcome);

    /// <summary>For each clause of the contract what came of the cases that try it.</summary>
    public IEnumerable<(ContractClause Clause, IReadOnlyList<CaseResult> Results)> Coverage => Contract.Clauses.Select(clause =>
        (clause, (IReadOnlyList<CaseResult>)[.. Results.Where(result => result.Case.Clauses.Contains(clause.Number))]));

    /// <summary>One sentence: how many cases ended how.</summary>
    public string Summary => $"{Name}: {string.Join(", ", Enum.GetValues<CaseOutcome>().Where(o => o == CaseOutcome.Pass || Count(o) > 0).Select(o => $"{Count(o)} {Word(o)}"))}; {Coverage.Count(c => c.Results.Any(r => r.Outcome == CaseOutcome.Pass))} of {Contract.Clauses.Count} clauses have a case that passed.";

    /// <summary>Writes a table for a terminal: a line a case, then what failed, the clauses, and the summary.</summary>
    public void WriteTable(TextWriter to)
    {
        ArgumentNullException.ThrowIfNull(to);
        TableReport.Write(this, to);
    }

    /// <summary>The report as JUnit XML, which build servers read.</summary>
    public string ToJUnitXml() => JUnitReport.Write(this);

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(JsonReport.Of(this), JsonReportContext.Default.JsonReport);

    /// <summary>The report as one HTML page that needs nothing else.</summary>
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
