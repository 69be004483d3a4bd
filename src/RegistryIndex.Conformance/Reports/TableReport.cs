using System.Globalization;

namespace RegistryIndex.Conformance.Reports;

/// <summary>The report for a terminal.</summary>
internal static class TableReport
{
    public static void Write(ConformanceReport report, TextWriter to)
    {
        foreach (var topic in report.Results.GroupBy(result => result.Case.Topic))
        {
            to.WriteLine(topic.Key);
            foreach (var result in topic)
                to.WriteLine(Line(result));
        }

        foreach (var result in report.Failures)
        {
            to.WriteLine();
            to.WriteLine($"{result.Outcome}: {result.Case.Id} (contract {string.Join(", ", result.Case.Clauses)})");
            to.WriteLine(result.Case.Statement);
            to.WriteLine(result.Message);
            to.WriteLine($"Means:    {result.Case.Meaning}");
        }

        to.WriteLine();
        if (report.IsComplete)
            WriteWhatWasNotTried(report, to);
        to.WriteLine(report.Summary);
    }

    private static void WriteWhatWasNotTried(ConformanceReport report, TextWriter to)
    {
        foreach (var lacking in report.WhyNot.Where(entry => entry.Value is not null).GroupBy(entry => entry.Value, entry => entry.Key))
            to.WriteLine($"Without {string.Join(", ", lacking)}: {lacking.Key}");
        var bare = report.Coverage.Where(entry => !entry.Results.Any(result => result.Outcome == CaseOutcome.Pass)).Select(entry => entry.Clause.Number).ToList();
        if (bare.Count > 0)
            to.WriteLine($"Clauses without a case that passed: {string.Join(", ", bare)}");
    }

    private static string Line(CaseResult result)
    {
        var why = result.Reason is null ? "" : $"  ({result.Reason})";
        return string.Create(CultureInfo.InvariantCulture, $"  {result.Outcome,-8} {string.Join(' ', result.Case.Clauses),-11} {result.Duration.TotalSeconds,6:0.00} s  {result.Case.Id}: {result.Case.Statement}{why}");
    }
}
