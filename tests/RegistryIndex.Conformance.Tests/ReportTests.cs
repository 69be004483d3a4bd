using System.Text.Json;
using System.Xml.Linq;
using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Conformance.Tests.Mutants;

namespace RegistryIndex.Conformance.Tests;

public sealed class ReportTests : IAsyncLifetime
{
    private const string Disabled = "many-threads-share-an-index";
    private ConformanceReport _report = null!;

    /// <summary>One run with every outcome, of a provider whose errors try to inject markup into the report.</summary>
    public async ValueTask InitializeAsync()
    {
        var harness = new Partial((index, _) => new AlteredIndex(index)
        {
            Delete = (_, _) => throw new InvalidOperationException("<script>alert('&')</script> \u0001 ]]> \ud83d"),
            Initialize = cancellation => index.InitializeAsync(cancellation),
        });
        var options = new ConformanceOptions { Seed = 42, Histories = 1, Quick = true, Disabled = new Dictionary<string, string> { [Disabled] = "known: issue <12>" } };
        _report = await ConformanceSuite.RunAsync(harness, options, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void The_report_has_every_case_with_its_outcome()
    {
        _report.Results.Select(result => result.Case).Should().Equal(ConformanceSuite.Cases);
        Enum.GetValues<CaseOutcome>().Should().OnlyContain(outcome => _report.Count(outcome) > 0);
        _report.Succeeded.Should().BeFalse();
        _report.Coverage.Select(entry => entry.Clause).Should().Equal(Contract.Clauses);
        _report.Coverage.Should().OnlyContain(entry => entry.Results.Count > 0 && entry.Results.All(result => result.Case.Clauses.Contains(entry.Clause.Number)));
    }

    [Fact]
    public void The_table_has_a_line_for_each_case_then_the_failures_and_a_summary()
    {
        using var to = new StringWriter();
        _report.WriteTable(to);
        var lines = to.ToString().Split(Environment.NewLine);
        foreach (var result in _report.Results)
            lines.Should().ContainSingle(line => line.StartsWith($"  {result.Outcome} ") && line.Contains(result.Case.Statement));
        lines.Should().Contain(line => line.Contains("known: issue <12>"));
        lines.Should().Contain(line => line.StartsWith("Fail: a-delete-says-whether-there-was-something (contract 2.3)"));
        lines.Should().Contain("Without WriteCounts: the test wants it so");
        lines[^2].Should().Be(_report.Summary).And.MatchRegex(@"^partial <memory>: \d+ passed, \d+ failed, 8 skipped, 1 disabled, \d+ in error; \d+ of \d+ clauses have a case that passed\.$");
    }

    [Fact]
    public void The_counts_of_the_junit_report_match_its_cases()
    {
        var suites = XDocument.Parse(_report.ToJUnitXml()).Root!;
        suites.Elements("testsuite").Sum(suite => (int)suite.Attribute("tests")!).Should().Be(ConformanceSuite.Cases.Count).And.Be((int)suites.Attribute("tests")!);
        suites.Descendants("testcase").Should().HaveCount(ConformanceSuite.Cases.Count);
        suites.Descendants("failure").Should().HaveCount(_report.Count(CaseOutcome.Fail)).And.HaveCount((int)suites.Attribute("failures")!);
        suites.Descendants("error").Should().HaveCount(_report.Count(CaseOutcome.Error)).And.HaveCount((int)suites.Attribute("errors")!);
        suites.Descendants("skipped").Should().HaveCount(9).And.HaveCount((int)suites.Attribute("skipped")!);
        suites.Descendants("failure").First().Value.Should().Contain("<script>alert('&')</script>").And.Contain("Seed:     42");
    }

    [Fact]
    public void The_json_report_has_cases_clauses_and_failures()
    {
        using var json = JsonDocument.Parse(_report.ToJson());
        var root = json.RootElement;
        root.GetProperty("seed").GetInt32().Should().Be(42);
        root.GetProperty("counts").GetProperty("skip").GetInt32().Should().Be(8);
        root.GetProperty("without").GetProperty("writeCounts").GetString().Should().Be("the test wants it so");
        root.GetProperty("clauses").GetArrayLength().Should().Be(Contract.Clauses.Count);
        var failed = root.GetProperty("cases").EnumerateArray().First(one => one.GetProperty("outcome").GetString() == "Fail");
        failed.GetProperty("failure").GetProperty("done").GetArrayLength().Should().BePositive();
        failed.GetProperty("meaning").GetString().Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void The_html_report_is_one_page_without_scripts_or_external_files()
    {
        var html = _report.ToHtml();
        html.Should().NotContainAny("<script", "src=", "@import", "http:", "https:", "<link").And.Contain("&lt;script&gt;");
        foreach (var one in ConformanceSuite.Cases)
            html.Should().Contain($"<tr id=\"{one.Id}\">").And.Contain($"href=\"#{one.Id}\"");
        foreach (var clause in Contract.Clauses)
            html.Should().Contain($"id=\"clause-{clause.Number}\"");
        html.Should().Contain("known: issue &lt;12&gt;").And.Contain("partial &lt;memory&gt;");
        XDocument.Parse(html.Replace("<!DOCTYPE html>", "").Replace("<meta charset=\"utf-8\">", "").Replace("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">", "").Replace("<details open>", "<details>").Replace("<br>", "<br/>").Replace("\u0001", ""))
            .Descendants("tr").Count().Should().BeGreaterThan(ConformanceSuite.Cases.Count + Contract.Clauses.Count);
    }

    private sealed class Partial(Func<MemoryIndex, MemoryStore, IRegistryIndex> make) : ConformanceHarness
    {
        private readonly MemoryHarness _memory = new(make);

        public override string Name => "partial <memory>";

        public override string? WhyNot(Capability capability) => capability == Capability.WriteCounts ? "the test wants it so" : null;

        public override async Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => new Scratch(await _memory.CreateAsync(cancellationToken));

        // Does not implement what the harness claims, which is an error of the harness.
        private sealed class Scratch(ScratchIndex inner) : ScratchIndex
        {
            public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

            public override ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
