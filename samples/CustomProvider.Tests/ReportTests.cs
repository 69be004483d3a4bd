using RegistryIndex;
using RegistryIndex.Conformance;
using Xunit;

namespace Acme.RegistryIndex.Files.Tests;

public sealed class ReportTests
{
    [Fact]
    public async Task The_report_says_that_every_case_passed()
    {
        var report = await ConformanceSuite.RunAsync(new FilesHarness(), new() { Quick = true }, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync("conformance.html", report.ToHtml(), TestContext.Current.CancellationToken);
        Assert.True(report.Succeeded, report.Summary);
        Assert.DoesNotContain(report.Results, result => result.Reason?.Contains(nameof(IRegistryIndexSource), StringComparison.Ordinal) == true);
    }
}
