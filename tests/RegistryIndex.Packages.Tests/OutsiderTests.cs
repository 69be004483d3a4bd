using System.Text.RegularExpressions;

namespace RegistryIndex.Packages.Tests;

/// <summary>The steps of a developer who has only our packages.</summary>
public sealed partial class OutsiderTests(PackedPackages packed)
{
    [Fact]
    public async Task A_provider_from_the_template_builds_passes_the_kit_and_works_as_a_plug_in()
    {
        const string Name = "Contoso.RegistryIndex.Shop";
        string[] hive = ["--debug:custom-hive", Path.Combine(packed.Home, "hive")];
        await packed.AsOutsiderAsync("", ["new", "install", Path.Combine(packed.Feed, $"RegistryIndex.Templates.{packed.Version}.nupkg"), .. hive]);
        await packed.AsOutsiderAsync("", ["new", "registry-index-provider", "--name", Name, "--choice", "contoso-shop", "--setting", "contoso_shop_directory", .. hive]);
        // The provider has a dependency that the tool does not have, and here also a later version of one that both have.
        await packed.AsOutsiderAsync(Name, "add", Name, "package", "Microsoft.Extensions.DependencyInjection.Abstractions", "--version", "11.0.0");
        var tests = await packed.AsOutsiderAsync(Name, "test", "--configuration", "Release", "--verbosity", "quiet", "--logger", "console;verbosity=minimal", "-nodeReuse:false");
        Passed().Match(tests.Stdout).Groups[1].Value.Should().NotBeEmpty(tests.Stdout);
        int.Parse(Passed().Match(tests.Stdout).Groups[1].Value).Should().BeGreaterThan(100);
        Directory.GetDirectories(Path.Combine(packed.Home, "packages"), "registryindex.*").Select(Path.GetFileName).Should()
            .BeEquivalentTo("registryindex.abstractions", "registryindex.conformance", "registryindex.conformance.xunit");

        await packed.AsOutsiderAsync("", "tool", "install", "registry-index", "--version", packed.Version, "--tool-path", "tools");
        (await ToolAsync("--version")).Should().StartWith("0.1.0");
        await File.WriteAllTextAsync(Path.Combine(packed.Home, "rows.tsv"), "team/shop/web\tThe front end\nteam/api\tBehind the shop\n", TestContext.Current.CancellationToken);
        string[] database = ["--database", "sqlite:///index.db"];
        await ToolAsync(["import", "rows.tsv", .. database]);
        (await ToolAsync(["search", "shop", .. database])).Should().Be("team/shop/web\tThe front end\nteam/api\tBehind the shop\n");

        var plugin = Path.Combine(packed.Home, Name, Name, "bin", "Release", "net10.0", Name + ".dll");
        (await ToolAsync("conformance", "--quick", "--backend", plugin, "--set", "contoso_shop_directory=contoso/index")).Should().MatchRegex(@"contoso-shop: \d+ passed, \d+ skipped;");
    }

    private async Task<string> ToolAsync(params string[] arguments)
    {
        var result = await Dotnet.RunProgramAsync(Path.Combine(packed.Home, "tools", "registry-index"), packed.Home, arguments);
        result.ExitCode.Should().Be(0, result.Stdout + result.Stderr);
        return result.Stdout;
    }

    [GeneratedRegex(@"Passed:\s+(\d+)")]
    private static partial Regex Passed();
}
