using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Conformance.Tests.Mutants;
using RegistryIndex.Testing;

namespace RegistryIndex.Conformance.Tests;

public sealed class GuideTests
{
    private const string Guide = "docs/writing-a-provider.md";

    [Fact]
    public void The_snippets_are_lines_of_the_sample()
    {
        string[] files = [.. Files("CustomProvider", "*.cs"), .. Files("CustomProvider.Tests", "*.cs"), .. Files("CustomProvider", "*.csproj")];
        var sources = files.Select(file => Trimmed(File.ReadAllText(file))).ToList();
        var snippets = Checkout.Snippets(Guide, "csharp").Concat(Checkout.Snippets(Guide, "xml")).ToList();
        snippets.Should().HaveCountGreaterThan(10);
        snippets.Where(snippet => !sources.Exists(source => source.Contains(Trimmed(snippet), StringComparison.Ordinal))).Should().BeEmpty();
    }

    [Fact]
    public void The_sample_is_short() =>
        Files("CustomProvider", "*.cs").SelectMany(File.ReadLines).Select(line => line.Trim())
            .Count(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)).Should().BeLessThan(225);

    [Fact]
    public void Every_capability_is_explained() =>
        Enum.GetNames<Capability>().Should().OnlyContain(name => File.ReadAllText(Checkout.PathOf("docs", "writing-a-provider.md")).Contains($"| `{name}` |"));

    [Fact]
    public async Task The_failure_in_the_guide_is_the_output_of_the_kit()
    {
        var harness = new MemoryHarness((index, _) => BruteForce.Folding(index, WrongFolding.Fold));
        var result = await ConformanceSuite.RunCaseAsync("random-queries-find-as-in-the-reference", harness, cancellationToken: TestContext.Current.CancellationToken);
        Checkout.Snippets(Guide, "text").First().Should().Be(result.Message);
    }

    private static string[] Files(string project, string pattern) => Directory.GetFiles(Checkout.PathOf("samples", project), pattern);

    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
