using System.Text.RegularExpressions;
using System.Xml.Linq;
using RegistryIndex.Testing;

namespace RegistryIndex.Packages.Tests;

/// <summary>What somebody does who has nothing of us but the packages.</summary>
public sealed partial class OutsiderTests(Packed packed)
{
    [Fact]
    public async Task The_sample_builds_from_the_packages_passes_the_kit_and_is_a_plug_in_of_the_installed_tool()
    {
        TakeAway("CustomProvider");
        TakeAway("CustomProvider.Tests");
        var tests = await packed.AsOutsiderAsync("CustomProvider.Tests", "test", "--configuration", "Release", "--verbosity", "quiet", "--logger", "console;verbosity=minimal", "-nodeReuse:false");
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

        var plugin = Path.Combine(packed.Home, "CustomProvider", "bin", "Release", "net10.0", "Acme.RegistryIndex.Files.dll");
        (await ToolAsync("conformance", "--backend", plugin, "--set", "acme_files_directory=acme/index")).Should().MatchRegex(@"acme-files: \d+ passed, \d+ skipped;");
    }

    // The sample as it is, but for what its project files get from the checkout: references become packages, and settings are said.
    private void TakeAway(string sample)
    {
        var to = Directory.CreateDirectory(Path.Combine(packed.Home, sample)).FullName;
        foreach (var file in Directory.GetFiles(Checkout.PathOf("samples", sample)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        var path = Path.Combine(to, sample + ".csproj");
        var project = XElement.Load(path);
        project.AddFirst(new XElement("PropertyGroup", new XElement("TargetFramework", "net10.0"), new XElement("Nullable", "enable"), new XElement("ImplicitUsings", "enable")));
        if (sample.EndsWith(".Tests", StringComparison.Ordinal))
            project.Element("PropertyGroup")!.Add(new XElement("OutputType", "Exe"));
        foreach (var reference in project.Descendants("ProjectReference").Where(reference => reference.Attribute("Include")!.Value.Contains("/src/", StringComparison.Ordinal)).ToList())
            reference.ReplaceWith(new XElement("PackageReference", new XAttribute("Include", Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)), new XAttribute("Version", packed.Version)));
        foreach (var package in project.Descendants("PackageReference").Where(package => package.Attribute("Version") is null))
            package.SetAttributeValue("Version", VersionOf(package.Attribute("Include")!.Value));
        project.Save(path);
    }

    private static string VersionOf(string package) => XElement.Load(Checkout.PathOf("Directory.Packages.props"))
        .Descendants("PackageVersion").Single(version => version.Attribute("Include")!.Value == package).Attribute("Version")!.Value;

    private async Task<string> ToolAsync(params string[] arguments)
    {
        var result = await Dotnet.RunProgramAsync(Path.Combine(packed.Home, "tools", "registry-index"), packed.Home, arguments);
        result.ExitCode.Should().Be(0, result.Stdout + result.Stderr);
        return result.Stdout;
    }

    [GeneratedRegex(@"Passed:\s+(\d+)")]
    private static partial Regex Passed();
}
