using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RegistryIndex.Deployment.Tests.Images;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Deployment.Tests.Releases;

/// <summary>The files of a release.</summary>
public sealed partial class ReleaseTests(Release release)
{
    [Fact]
    public async Task The_checksums_are_right_and_name_every_file()
    {
        var check = await ProcessRunner.RunAsync("sh", ["-c", "cd \"$0\" && sha256sum --check --strict SHA256SUMS", release.Files], TestContext.Current.CancellationToken);
        check.ExitCode.Should().Be(0, check.Stdout + check.Stderr);
        Directory.GetFiles(release.Files).Select(Path.GetFileName).Should().BeEquivalentTo(
            check.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]).Append("SHA256SUMS"));
    }

    [Fact]
    public async Task The_archive_contains_the_program_licences_unit_and_sample_readable_by_every_user()
    {
        (await ServerImage.RunAsync("tar", "-tzf", release.Archive)).Split('\n').Select(name => name.Split('/', 2)[^1]).Should().Contain(
            ["registry-index", "LICENSE", "THIRD-PARTY-NOTICES.txt", "DOTNET-LICENSE.txt", "DOTNET-THIRD-PARTY-NOTICES.txt", "registry-index.service", "secrets.conf", "sample/docker/registry/v2/repositories/"]);
        (await ServerImage.RunAsync("find", release.Unpacked, "!", "-perm", "-o+r")).Should().BeEmpty("every user may read it");
    }

    [Fact]
    public async Task The_archive_contains_only_redistributable_files()
    {
        Directory.EnumerateFiles(release.Unpacked, "*", SearchOption.AllDirectories).Should().NotContain(file => file.Contains("msalruntime", StringComparison.OrdinalIgnoreCase));
        // What is bundled in a single file has its name in it.
        var program = await File.ReadAllBytesAsync(release.Program, TestContext.Current.CancellationToken);
        Holds(program, "Microsoft.Identity.Client.Broker.dll"u8).Should().BeTrue("names are found in this form");
        Holds(program, "msalruntime"u8).Should().BeFalse();
        Holds(program, "Microsoft.Identity.Client.NativeInterop.dll"u8).Should().BeFalse();

        static bool Holds(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name) => file.IndexOf(name) >= 0;
    }

    [Fact]
    public async Task The_bill_of_materials_names_every_package_that_the_notices_name()
    {
        var materials = JsonNode.Parse(await File.ReadAllTextAsync(release.Materials, TestContext.Current.CancellationToken))!;
        materials["bomFormat"]!.GetValue<string>().Should().Be("CycloneDX");
        materials["metadata"]!["component"]!["name"]!.GetValue<string>().Should().Be("registry-index");
        var components = materials["components"]!.AsArray().Select(component => component!["name"]!.GetValue<string>()).ToList();
        var notices = await File.ReadAllTextAsync(Path.Combine(release.Unpacked, "THIRD-PARTY-NOTICES.txt"), TestContext.Current.CancellationToken);
        var noticed = Notice().Matches(notices).SelectMany(block => Package().Matches(block.Value)).Select(package => package.Value).ToList();
        noticed.Should().HaveCountGreaterThan(30);
        components.Should().Contain(noticed).And.NotContain("Microsoft.Identity.Client.NativeInterop");
    }

    // The names below a licence, up to the empty line before its text.
    [GeneratedRegex(@"(?<=^== \S+\n\n)(\S+: .*\n)+", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Notice();

    [GeneratedRegex(@"^\S+(?=: )", RegexOptions.Multiline)]
    private static partial Regex Package();
}
