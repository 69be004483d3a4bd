using System.Text.Json.Serialization;

namespace RegistryIndex.Conformance.Reports;

/// <summary>The report as JSON. The property names are part of the format.</summary>
internal sealed record JsonReport(
    string Name, int Seed, bool Succeeded, double Seconds, IReadOnlyDictionary<string, int> Counts, IReadOnlyDictionary<string, string> Without,
    IReadOnlyList<JsonCase> Cases, IReadOnlyList<JsonClause> Clauses)
{
    public static JsonReport Of(ConformanceReport report) => new(
        report.Name,
        report.Seed,
        report.Succeeded,
        report.Duration.TotalSeconds,
        Enum.GetValues<CaseOutcome>().ToDictionary(outcome => Key(outcome.ToString()), report.Count, StringComparer.Ordinal),
        report.WhyNot.Where(entry => entry.Value is not null).ToDictionary(entry => Key(entry.Key.ToString()), entry => entry.Value!, StringComparer.Ordinal),
        [.. report.Results.Select(JsonCase.Of)],
        [.. report.Coverage.Select(entry => new JsonClause(entry.Clause.Number, entry.Clause.Text, [.. entry.Results.Select(result => result.Case.Id)]))]);

    private static string Key(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

internal sealed record JsonCase(
    string Id, string Topic, IReadOnlyList<string> Clauses, string Statement, string Meaning, CaseOutcome Outcome, double Seconds, string? Reason, CaseFailure? Failure)
{
    public static JsonCase Of(CaseResult result) => new(
        result.Case.Id, result.Case.Topic, result.Case.Clauses, result.Case.Statement, result.Case.Meaning,
        result.Outcome, result.Duration.TotalSeconds, result.Reason, result.Failure);
}

internal sealed record JsonClause(string Number, string Text, IReadOnlyList<string> Cases);

[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonReport))]
internal sealed partial class JsonReportContext : JsonSerializerContext;
