using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Conformance.Tests.Mutants;

namespace RegistryIndex.Conformance.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public async Task A_correct_provider_passes_every_case_and_all_scratch_indexes_are_dropped()
    {
        var harness = new MemoryHarness();
        var report = await ConformanceSuite.RunAsync(harness, cancellationToken: TestContext.Current.CancellationToken);
        string.Join("\n\n", report.Results.Where(result => result.Outcome != CaseOutcome.Pass).Select(result => $"{result.Case}: {result.Message}")).Should().BeEmpty();
        report.Succeeded.Should().BeTrue();
        harness.Live.Should().Be(0);
    }

    [Fact]
    public async Task A_provider_without_facts_passes_every_case_except_those_about_facts()
    {
        var report = await ConformanceSuite.RunAsync(new MemoryHarness((index, _) => FactsMutants.WithoutFacts(index)), new() { Quick = true }, cancellationToken: TestContext.Current.CancellationToken);
        report.Results.Where(result => result.Outcome == CaseOutcome.Skip && !result.Case.IsSlow).Should().HaveCount(13).And.OnlyContain(result => result.Case.Clauses.Any(clause => clause.StartsWith("8.", StringComparison.Ordinal)));
        string.Join("\n\n", report.Results.Where(result => result.Outcome is CaseOutcome.Fail or CaseOutcome.Error).Select(result => $"{result.Case}: {result.Message}")).Should().BeEmpty();
        report.Results.Single(result => result.Case.Id == "an-index-is-as-its-capabilities-say").Outcome.Should().Be(CaseOutcome.Pass);
    }

    [Fact]
    public async Task A_provider_that_returns_short_pages_passes_every_case()
    {
        var harness = new MemoryHarness((index, _) => new AlteredIndex(index)
        {
            Search = async (request, cancellation) =>
            {
                var page = await index.SearchAsync(request, cancellation);
                return page.Repositories is [.., _, _] found && found.Take(found.Count / 2).ToList() is var half ? request.ToPage(half, request.Rank(half[^1])) : page;
            },
        });
        var report = await ConformanceSuite.RunAsync(harness, new() { Quick = true }, cancellationToken: TestContext.Current.CancellationToken);
        string.Join("\n\n", report.Results.Where(result => result.Outcome != CaseOutcome.Pass && !result.Case.IsSlow).Select(result => $"{result.Case}: {result.Message}")).Should().BeEmpty();
    }
}
