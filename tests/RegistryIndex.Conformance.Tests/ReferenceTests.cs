using RegistryIndex.Conformance.Tests.Memory;

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
}
