using System.IO.Compression;
using System.Xml.Linq;
using RegistryIndex.Testing;

namespace RegistryIndex.Packages.Tests;

/// <summary>The content and the dependencies of the packages.</summary>
public sealed class ContentTests(PackedPackages packed)
{
    [Fact]
    public void Exactly_these_packages_are_built_each_with_its_symbols()
    {
        string[] expected = ["RegistryIndex.Abstractions", "RegistryIndex.Conformance", "RegistryIndex.Conformance.Xunit", "RegistryIndex.DynamoDb", "RegistryIndex.EfCore", "RegistryIndex.EfCore.PostgreSql", "RegistryIndex.EfCore.SqlServer", "RegistryIndex.EfCore.Sqlite", "RegistryIndex.Migration", "RegistryIndex.Registry", "RegistryIndex.Sources", "RegistryIndex.Storage", "RegistryIndex.Synchronization", "registry-index"];
        Directory.GetFiles(packed.Feed).Select(Path.GetFileName).Should().BeEquivalentTo(
            expected.SelectMany(id => new[] { $"{id}.{packed.Version}.nupkg", $"{id}.{packed.Version}.snupkg" }).Append($"RegistryIndex.Templates.{packed.Version}.nupkg"));
    }

    [Theory]
    [InlineData("RegistryIndex.Abstractions", "Microsoft.Extensions.DependencyModel", "Microsoft.Extensions.Diagnostics", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options.ConfigurationExtensions", "Microsoft.Extensions.Options.DataAnnotations", "Scrutor")]
    [InlineData("RegistryIndex.Conformance", "RegistryIndex.Abstractions")]
    [InlineData("RegistryIndex.Conformance.Xunit", "RegistryIndex.Conformance", "xunit.v3.extensibility.core")]
    [InlineData("RegistryIndex.DynamoDb", "AWSSDK.DynamoDBv2", "AWSSDK.SecurityToken", "AWSSDK.SSO", "AWSSDK.SSOOIDC", "Microsoft.Extensions.Configuration.Binder", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "RegistryIndex.Abstractions")]
    [InlineData("RegistryIndex.EfCore", "Microsoft.EntityFrameworkCore.Relational", "RegistryIndex.Abstractions")]
    [InlineData("RegistryIndex.EfCore.PostgreSql", "Npgsql.EntityFrameworkCore.PostgreSQL", "RegistryIndex.EfCore")]
    [InlineData("RegistryIndex.EfCore.SqlServer", "Microsoft.EntityFrameworkCore.SqlServer", "RegistryIndex.EfCore")]
    [InlineData("RegistryIndex.EfCore.Sqlite", "Microsoft.EntityFrameworkCore.Sqlite", "RegistryIndex.EfCore")]
    [InlineData("RegistryIndex.Migration", "Microsoft.Extensions.Logging.Abstractions", "RegistryIndex.Abstractions")]
    [InlineData("RegistryIndex.Registry", "Microsoft.Extensions.Configuration.Binder", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "Polly.Core", "RegistryIndex.Sources")]
    [InlineData("RegistryIndex.Sources", "Microsoft.Extensions.Options", "RegistryIndex.Abstractions")]
    [InlineData("RegistryIndex.Storage", "AWSSDK.S3", "AWSSDK.SecurityToken", "AWSSDK.SSO", "AWSSDK.SSOOIDC", "Microsoft.Extensions.Configuration.Binder", "Microsoft.Extensions.Options", "RegistryIndex.Sources")]
    [InlineData("RegistryIndex.Synchronization", "Microsoft.Extensions.Configuration.Binder", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "RegistryIndex.Sources")]
    public void A_library_brings_its_read_me_licence_documentation_and_symbols_and_needs_only_what_it_says(string id, params string[] needs)
    {
        using var package = Open(id, "nupkg");
        var nuspec = Nuspec(package, id);
        AssertOrigin(package, nuspec);
        Names(package, "lib/").Should().BeEquivalentTo($"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml");
        nuspec.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value).Should().BeEquivalentTo(needs);
        using var symbols = Open(id, "snupkg");
        Names(symbols, "lib/").Should().Equal($"lib/net10.0/{id}.pdb");
    }

    [Fact]
    public void The_tool_contains_its_dependencies_and_nothing_of_the_tests()
    {
        using var package = Open("registry-index", "nupkg");
        var nuspec = Nuspec(package, "registry-index");
        AssertOrigin(package, nuspec);
        nuspec.Descendants().Where(element => element.Name.LocalName == "packageType").Select(element => element.Attribute("name")!.Value).Should().Equal("DotnetTool");
        var libraries = Names(package, "tools/").Select(Path.GetFileName).Where(name => name!.EndsWith(".dll", StringComparison.Ordinal)).ToList();
        libraries.Should().Contain(["registry-index.dll", "RegistryIndex.Abstractions.dll", "RegistryIndex.Conformance.dll", "RegistryIndex.DynamoDb.dll", "RegistryIndex.EfCore.dll", "RegistryIndex.EfCore.PostgreSql.dll", "RegistryIndex.EfCore.SqlServer.dll", "RegistryIndex.EfCore.Sqlite.dll", "RegistryIndex.Storage.dll", "AWSSDK.SecurityToken.dll", "AWSSDK.SSO.dll", "AWSSDK.SSOOIDC.dll"])
            .And.NotContain(name => name!.StartsWith("xunit", StringComparison.OrdinalIgnoreCase) || name.StartsWith("FluentAssertions", StringComparison.Ordinal) || name.Contains("Test", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_package_contains_only_redistributable_files()
    {
        foreach (var file in Directory.GetFiles(packed.Feed, "*.nupkg"))
        {
            using var package = ZipFile.OpenRead(file);
            package.Entries.Select(entry => entry.Name).Should().NotContain(name => PackedPackages.MayNotBePassedOn(name));
        }
    }

    private static void AssertOrigin(ZipArchive package, XElement nuspec)
    {
        string? Value(string name) => nuspec.Descendants().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
        Value("license").Should().Be("Apache-2.0");
        Value("readme").Should().Be("README.md");
        Value("releaseNotes").Should().Contain("CHANGELOG.md");
        package.GetEntry(Value("icon")!).Should().NotBeNull();
        Value("description").Should().NotBeNullOrWhiteSpace();
        using var readMe = new StreamReader(package.GetEntry("README.md")!.Open());
        readMe.ReadToEnd().Should().StartWith("# Registry");
        if (Directory.Exists(Checkout.PathOf(".git")) || File.Exists(Checkout.PathOf(".git")))
            nuspec.Descendants().Single(element => element.Name.LocalName == "repository").Attribute("commit")!.Value.Should().HaveLength(40);
    }

    private static IEnumerable<string> Names(ZipArchive package, string below) => package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith(below, StringComparison.Ordinal));

    private static XElement Nuspec(ZipArchive package, string id)
    {
        using var stream = package.GetEntry($"{id}.nuspec")!.Open();
        return XElement.Load(stream);
    }

    private ZipArchive Open(string id, string kind) => ZipFile.OpenRead(Path.Combine(packed.Feed, $"{id}.{packed.Version}.{kind}"));
}
