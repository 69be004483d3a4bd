using System.Globalization;
using System.Net;
using System.Text;

namespace RegistryIndex.Conformance.Reports;

/// <summary>The report as one HTML page with embedded styles. It has no scripts and loads nothing.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --pass: #1a7f37; --fail: #cf222e; --quiet: #8a6d00; }
        @media (prefers-color-scheme: dark) { :root { --pass: #3fb950; --fail: #ff7b72; --quiet: #d29922; } }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
        table { border-collapse: collapse; width: 100%; margin: 0 0 2rem; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
        td.outcome { font-weight: 600; white-space: nowrap; } td.number { text-align: right; white-space: nowrap; }
        .Pass { color: var(--pass); } .Fail, .Error { color: var(--fail); } .Skip, .Disabled, .none { color: var(--quiet); }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid var(--fail); padding-left: .8rem; }
        code { font-size: .95em; } p.meaning { margin: .2rem 0; opacity: .8; }
        """;

    public static string Write(ConformanceReport report)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Conformance of {Text(report.Name)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <h1>Conformance of {Text(report.Name)}</h1>
            <p class="{(report.Succeeded ? "Pass" : "Fail")}">{Text(report.Summary)}</p>
            <p>Seed {report.Seed}, {report.Duration.TotalSeconds:0.0} seconds.</p>

            """);
        Capabilities(page, report);
        foreach (var topic in report.Results.GroupBy(result => result.Case.Topic))
            Topic(page, topic.Key, topic);
        Clauses(page, report);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Capabilities(StringBuilder page, ConformanceReport report)
    {
        foreach (var (capability, whyNot) in report.WhyNot.Where(entry => entry.Value is not null))
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"Skip\">Without {capability}: {Text(whyNot!)}</p>\n");
    }

    private static void Topic(StringBuilder page, string topic, IEnumerable<CaseResult> results)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(topic)}</h2>\n<table>\n<tr><th>Outcome</th><th>Contract</th><th>Case</th><th>Seconds</th></tr>\n");
        foreach (var result in results)
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr id="{result.Case.Id}"><td class="outcome {result.Outcome}">{result.Outcome}</td><td>{Numbers(result.Case)}</td><td>
                """);
            page.Append(CultureInfo.InvariantCulture, $"<details{(result.Outcome is CaseOutcome.Fail or CaseOutcome.Error ? " open" : "")}><summary>{Text(result.Case.Statement)}</summary>");
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"meaning\"><code>{result.Case.Id}</code> {Text(result.Case.Meaning)}</p>");
            if (result.Failure is not null || result.Outcome == CaseOutcome.Error)
                page.Append(CultureInfo.InvariantCulture, $"<pre>{Text(result.Message)}</pre>");
            page.Append("</details>");
            if (result.Failure is null && result.Reason is { } reason && result.Outcome != CaseOutcome.Error)
                page.Append(CultureInfo.InvariantCulture, $"<p class=\"{result.Outcome}\">{Text(reason)}</p>");
            page.Append(CultureInfo.InvariantCulture, $"</td><td class=\"number\">{result.Duration.TotalSeconds:0.00}</td></tr>\n");
        }

        page.Append("</table>\n");
    }

    private static void Clauses(StringBuilder page, ConformanceReport report)
    {
        page.Append("<h2>The contract</h2>\n<table>\n<tr><th>Clause</th><th>Says</th><th>Cases</th></tr>\n");
        foreach (var (clause, results) in report.Coverage)
        {
            var cases = results.Count == 0
                ? "<span class=\"none\">none</span>"
                : string.Join("<br>", results.Select(result => $"<a class=\"{result.Outcome}\" href=\"#{result.Case.Id}\">{result.Outcome}: {result.Case.Id}</a>"));
            page.Append(CultureInfo.InvariantCulture, $"<tr id=\"clause-{clause.Number}\"><td>{clause.Number}</td><td>{Text(clause.Text)}</td><td>{cases}</td></tr>\n");
        }

        page.Append("</table>\n");
    }

    private static string Numbers(ConformanceCase one) => string.Join(' ', one.Clauses.Select(number => $"<a href=\"#clause-{number}\">{number}</a>"));

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
