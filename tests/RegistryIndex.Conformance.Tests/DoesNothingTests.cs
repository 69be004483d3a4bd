using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests;

public sealed class DoesNothingTests
{
    [Fact]
    public async Task A_provider_that_does_nothing_fails_every_case()
    {
        var harness = new MemoryHarness((_, _) => new DoesNothing());
        var options = new ConformanceOptions { CaseTimeout = TimeSpan.FromSeconds(5) };
        var report = await ConformanceSuite.RunAsync(harness, options, TestContext.Current.CancellationToken);
        report.Results.Where(result => result.Outcome != CaseOutcome.Fail).Select(result => result.Case.Id).Should().BeEmpty();
        report.Succeeded.Should().BeFalse();
    }
}
