using System.Text;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Web.Tests.Browsing;

/// <summary>What holds for each page.</summary>
internal static class Checks
{
    // The size of targets (WCAG 2.2) is not checked unless it is asked for.
    private static readonly AxeRunOptions EveryRule = new() { Rules = new() { ["target-size"] = new() { Enabled = true } } };

    /// <summary>The page is accessible, as far as axe-core can say, and fits in its window.</summary>
    public static async Task BeAccessibleAsync(Window window)
    {
        (await window.MeasureOverflowAsync()).Should().BeLessThanOrEqualTo(0, window.Page.Url);
        var violations = (await window.Page.RunAxe(EveryRule)).Violations;
        violations.SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html} {string.Join(' ', node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message))}")).Should().BeEmpty();
    }

    /// <summary>The pages are valid HTML.</summary>
    /// <param name="pages">The name and the HTML of each.</param>
    public static async Task BeValidAsync(IEnumerable<(string Name, string Html)> pages)
    {
        using var directory = new TemporaryDirectory();
        foreach (var (name, html) in pages)
            await File.WriteAllTextAsync(Path.Combine(directory.Path, $"{name}.html"), html, new UTF8Encoding(false), TestContext.Current.CancellationToken);
        var checker = Checkout.PathOf("tests", "node_modules", "vnu-jar", "build", "dist", "vnu.jar");
        File.Exists(checker).Should().BeTrue("the tests need the Nu Html Checker: run 'npm ci --prefix tests --ignore-scripts'");
        // The slash of void elements is that of the Razor compiler, and says nothing in HTML.
        var result = await ProcessRunner.RunAsync("java", ["-jar", checker, "--Werror", "--filterpattern", ".*Trailing slash on void elements.*", directory.Path], TestContext.Current.CancellationToken);
        (result.ExitCode, result.Stdout + result.Stderr).Should().Be((0, ""));
    }
}
