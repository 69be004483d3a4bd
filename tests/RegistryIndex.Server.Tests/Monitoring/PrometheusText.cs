using System.Globalization;
using System.Text.RegularExpressions;

namespace RegistryIndex.Server.Tests.Monitoring;

/// <summary>A sample of a metric.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>The name and the labels, which identify a time series.</summary>
    public string Series => $"{Name}{{{string.Join(',', Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))}}}";
}

/// <summary>
/// A strict parser of Prometheus' text format, version 0.0.4: every line is valid, the lines of a metric are together after its type, no
/// series occurs twice, and the buckets of a histogram are cumulative and end with its count.
/// </summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly List<Sample> _samples = [];

    private PrometheusText(string text)
    {
        text.Should().EndWith("\n");
        var family = "";
        foreach (var line in text.Split('\n')[..^1])
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                if (comment.Groups["kind"].Value == "TYPE")
                    _types.TryAdd(family = comment.Groups["name"].Value, comment.Groups["rest"].Value).Should().BeTrue("a metric has one type: {0}", line);
                comment.Groups["name"].Value.Should().Be(family, "the type of a metric precedes the rest of it");
                continue;
            }

            var sample = Parse(line);
            SamplesOf(family, _types.GetValueOrDefault(family)).Should().Contain(sample.Name, "the samples of a metric follow its type: {0}", line);
            _samples.Add(sample);
        }

        _samples.Select(sample => sample.Series).Should().OnlyHaveUniqueItems();
        foreach (var (name, _) in _types.Where(type => type.Value == "histogram"))
            CheckHistogram(name);
    }

    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>The names of the metrics, as in their types.</summary>
    public IEnumerable<string> Names => _types.Keys;

    public static PrometheusText Parse(string text, string contentType)
    {
        contentType.Should().StartWith("text/plain; version=0.0.4");
        return new(text);
    }

    /// <summary>The sum of the samples of that name whose labels have those values.</summary>
    public double Sum(string name, params (string Name, string Value)[] labels) =>
        _samples.Where(sample => sample.Name == name && labels.All(label => sample.Labels.GetValueOrDefault(label.Name) == label.Value)).Sum(sample => sample.Value);

    private static string[] SamplesOf(string family, string? type) => type switch
    {
        "counter" or "gauge" => [family],
        "histogram" => [$"{family}_bucket", $"{family}_sum", $"{family}_count"],
        _ => [],
    };

    private static Sample Parse(string line)
    {
        var match = SampleLine().Match(line);
        match.Success.Should().BeTrue("this is a sample: {0}", line);
        var labels = match.Groups["label"].Captures.Zip(match.Groups["value"].Captures).ToDictionary(
            pair => pair.First.Value, pair => Escape().Replace(pair.Second.Value, escape => escape.Value == "\\n" ? "\n" : escape.Value[1..]), StringComparer.Ordinal);
        return new(match.Groups["name"].Value, labels, Number(match.Groups["number"].Value));
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private void CheckHistogram(string name)
    {
        foreach (var buckets in _samples.Where(sample => sample.Name == $"{name}_bucket").GroupBy(sample => new Sample(name, Without(sample.Labels, "le"), 0).Series))
        {
            buckets.Select(bucket => Number(bucket.Labels["le"])).Should().BeInAscendingOrder().And.EndWith(double.PositiveInfinity);
            buckets.Select(bucket => bucket.Value).Should().BeInAscendingOrder("buckets are cumulative");
            var count = _samples.Single(sample => sample.Name == $"{name}_count" && (sample with { Name = name }).Series == buckets.Key);
            buckets.Last().Value.Should().Be(count.Value);
        }
    }

    private static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> labels, string name) =>
        labels.Where(label => label.Key != name).ToDictionary(StringComparer.Ordinal);

    [GeneratedRegex(@"\A# (?<kind>TYPE|HELP) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.+)\z")]
    private static partial Regex Comment();

    [GeneratedRegex("""\A(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\\n]|\\[\\"n])*)"(,(?!\})|(?=\})))*\})? (?<number>[+-]Inf|NaN|[+-]?[0-9.]+([eE][+-]?[0-9]+)?)( -?[0-9]+)?\z""")]
    private static partial Regex SampleLine();

    [GeneratedRegex(@"\\.")]
    private static partial Regex Escape();
}
