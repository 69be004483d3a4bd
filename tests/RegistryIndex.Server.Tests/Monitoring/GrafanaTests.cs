using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RegistryIndex.Testing;
using YamlDotNet.RepresentationModel;

namespace RegistryIndex.Server.Tests.Monitoring;

/// <summary>The dashboard and the alert rules ask for metrics that the server has.</summary>
public sealed partial class GrafanaTests
{
    private static readonly string[] Variables = ["$datasource", "$job", "$instance", "$__rate_interval", "$labels", "$value"];

    /// <summary>The names of the metrics in the tables of docs/monitoring.md.</summary>
    internal static IReadOnlyList<string> Documented { get; } = [.. File.ReadLines(Checkout.PathOf("docs", "monitoring.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .SelectMany(line => Name().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value))];

    [Fact]
    public async Task Each_panel_queries_existing_metrics()
    {
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Checkout.PathOf("deploy", "grafana", "dashboard.json"), TestContext.Current.CancellationToken))!;
        var panels = dashboard["panels"]!.AsArray();
        panels.Select(panel => panel!["id"]!.GetValue<int>()).Should().OnlyHaveUniqueItems();
        panels.Select(panel => panel!["title"]!.GetValue<string>()).Should().OnlyHaveUniqueItems();
        var expressions = panels.SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => target!["expr"]!.GetValue<string>()).ToList();
        expressions.Should().HaveCountGreaterThan(15);
        Check([.. expressions, .. dashboard["templating"]!["list"]!.AsArray().Select(variable => variable!["query"]!.GetValue<string>())]);
        DoNotOverlap(panels.Select(panel => panel!["gridPos"]!).Select(at => (at["x"]!.GetValue<int>(), at["y"]!.GetValue<int>(), at["w"]!.GetValue<int>(), at["h"]!.GetValue<int>())));
    }

    [Fact]
    public void Each_rule_queries_existing_metrics_and_has_a_description()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Checkout.PathOf("deploy", "grafana", "alerts.yaml"))));
        var rules = ((YamlSequenceNode)yaml.Documents.Single().RootNode["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>().ToList();
        rules.Select(rule => $"{rule["alert"]}").Should().OnlyHaveUniqueItems().And.HaveCountGreaterThan(5);
        rules.Should().AllSatisfy(rule =>
        {
            rule.Children.Keys.Select(key => $"{key}").Should().BeSubsetOf(["alert", "expr", "for", "labels", "annotations"]);
            $"{rule["labels"]["severity"]}".Should().BeOneOf("warning", "critical");
            $"{rule["annotations"]["summary"]}".Should().NotBeEmpty();
        });
        Check(rules.Select(rule => $"{rule["expr"]}"));
    }

    private static void Check(IEnumerable<string> expressions)
    {
        var expected = Documented.SelectMany(name => (string[])[name, $"{name}_bucket", $"{name}_count", $"{name}_sum"]).Append("up").ToHashSet(StringComparer.Ordinal);
        foreach (var expression in expressions)
        {
            foreach (var (open, close) in ((char, char)[])[('(', ')'), ('{', '}'), ('[', ']')])
                expression.Count(one => one == open).Should().Be(expression.Count(one => one == close), expression);
            Variable().Matches(expression).Select(match => match.Value).Should().BeSubsetOf(Variables, expression);
            Metric().Matches(expression).Select(match => match.Value).Should().BeSubsetOf(expected, expression);
        }
    }

    private static void DoNotOverlap(IEnumerable<(int X, int Y, int Width, int Height)> panels) => panels
        .SelectMany(panel => from x in Enumerable.Range(panel.X, panel.Width) from y in Enumerable.Range(panel.Y, panel.Height) select (x, y))
        .Should().OnlyHaveUniqueItems().And.OnlyContain(cell => cell.x < 24);

    [GeneratedRegex("`([a-z][a-z_]+[a-z])`")]
    private static partial Regex Name();

    [GeneratedRegex(@"\$[a-z_]+")]
    private static partial Regex Variable();

    // A name outside quotes that is followed by a selector, a range or an operator, and is not that of a function or a label.
    [GeneratedRegex("""(?<!["a-z_])(registryindex|http_server|process|dotnet)_[a-z_]+""")]
    private static partial Regex Metric();
}
