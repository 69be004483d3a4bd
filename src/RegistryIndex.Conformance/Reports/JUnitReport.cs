using System.Globalization;
using System.Text;
using System.Xml;

namespace RegistryIndex.Conformance.Reports;

/// <summary>The report as JUnit XML for build servers, with one suite for each topic.</summary>
internal static class JUnitReport
{
    public static string Write(ConformanceReport report)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("testsuites");
            Totals(xml, report.Name, report.Results);
            foreach (var topic in report.Results.GroupBy(result => result.Case.Topic))
                Suite(xml, topic.Key, [.. topic], report);
            xml.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void Suite(XmlWriter xml, string topic, List<CaseResult> results, ConformanceReport report)
    {
        xml.WriteStartElement("testsuite");
        Totals(xml, topic, results);
        xml.WriteStartElement("properties");
        xml.WriteStartElement("property");
        xml.WriteAttributeString("name", "seed");
        xml.WriteAttributeString("value", report.Seed.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        xml.WriteEndElement();
        foreach (var result in results)
            Case(xml, report.Name, result);
        xml.WriteEndElement();
    }

    private static void Totals(XmlWriter xml, string name, IReadOnlyCollection<CaseResult> results)
    {
        xml.WriteAttributeString("name", Clean(name));
        xml.WriteAttributeString("tests", Number(results.Count));
        xml.WriteAttributeString("failures", Number(results.Count(result => result.Outcome == CaseOutcome.Fail)));
        xml.WriteAttributeString("errors", Number(results.Count(result => result.Outcome == CaseOutcome.Error)));
        xml.WriteAttributeString("skipped", Number(results.Count(result => result.Outcome is CaseOutcome.Skip or CaseOutcome.Disabled)));
        xml.WriteAttributeString("time", Seconds(results.Aggregate(TimeSpan.Zero, (sum, result) => sum + result.Duration)));
    }

    private static void Case(XmlWriter xml, string provider, CaseResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Clean($"{provider}.{result.Case.Topic}"));
        xml.WriteAttributeString("name", $"{result.Case.Id} ({string.Join(", ", result.Case.Clauses)})");
        xml.WriteAttributeString("time", Seconds(result.Duration));
        switch (result.Outcome)
        {
            case CaseOutcome.Fail:
                xml.WriteStartElement("failure");
                xml.WriteAttributeString("message", Clean(result.Case.Statement));
                xml.WriteString(Clean(result.Message));
                xml.WriteEndElement();
                break;
            case CaseOutcome.Error:
                xml.WriteStartElement("error");
                xml.WriteAttributeString("message", Clean(result.Message));
                xml.WriteEndElement();
                break;
            case CaseOutcome.Skip or CaseOutcome.Disabled:
                xml.WriteStartElement("skipped");
                xml.WriteAttributeString("message", Clean($"{result.Outcome}: {result.Reason}"));
                xml.WriteEndElement();
                break;
        }

        xml.WriteEndElement();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    // Messages of a provider or its store may contain characters that XML does not allow.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(!rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value) ? rune : Rune.ReplacementChar);
        return clean.ToString();
    }
}
