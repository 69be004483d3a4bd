using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Conformance.Tests.Mutants;

namespace RegistryIndex.Conformance.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public async Task A_correct_provider_passes_every_case_and_nothing_is_left()
    {
        var harness = new MemoryHarness();
        var report = await ConformanceSuite.RunAsync(harness, cancellationToken: TestContext.Current.CancellationToken);
        string.Join("\n\n", report.Results.Where(result => result.Outcome != CaseOutcome.Pass).Select(result => $"{result.Case}: {result.Message}")).Should().BeEmpty();
        report.Succeeded.Should().BeTrue();
        harness.Live.Should().Be(0);
    }

    [Fact]
    public async Task A_provider_that_gives_short_pages_as_it_may_passes_every_case()
    {
        var harness = new MemoryHarness((index, _) => new Bent(index)
        {
            Search = async (request, cancellation) =>
            {
                var page = await index.SearchAsync(request, cancellation);
                return page.Repositories is [.., _, _] found && found.Take(found.Count / 2).ToList() is var half ? request.ToPage(half, request.Query.Rank(half[^1])) : page;
            },
        });
        var report = await ConformanceSuite.RunAsync(harness, new() { Quick = true }, cancellationToken: TestContext.Current.CancellationToken);
        string.Join("\n\n", report.Results.Where(result => result.Outcome != CaseOutcome.Pass && !result.Case.IsSlow).Select(result => $"{result.Case}: {result.Message}")).Should().BeEmpty();
    }
}
