using System.Globalization;
using System.Text.RegularExpressions;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Deployment.Tests.Units;

/// <summary><c>deploy/systemd/registry-index.service</c>, verified by systemd itself.</summary>
public sealed partial class SystemdUnitTests : IDisposable
{
    private static readonly string DropIn = Checkout.PathOf("deploy", "systemd", "secrets.conf");
    private static readonly string Unit = Checkout.PathOf("deploy", "systemd", "registry-index.service");
    private readonly TemporaryDirectory _root = new();

    public SystemdUnitTests() =>
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd is not installed.");

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Systemd_accepts_every_line_and_the_program_is_where_the_readme_installs_it()
    {
        // With a root of its own, so that the program need not be installed here.
        const string Program = "/usr/local/bin/registry-index";
        (await File.ReadAllTextAsync(Checkout.PathOf("README.md"), TestContext.Current.CancellationToken)).Should().Contain("ln -sf /opt/registry-index/registry-index /usr/local/bin\n");
        foreach (var directory in (string[])["etc/systemd/system/registry-index.service.d", "usr/lib/systemd", "usr/local/bin"])
            Directory.CreateDirectory(Path.Combine(_root.Path, directory));
        (await ProcessRunner.RunAsync("cp", ["-a", "/usr/lib/systemd/system", Path.Combine(_root.Path, "usr/lib/systemd")])).ExitCode.Should().Be(0);
        File.Copy("/bin/true", _root.Path + Program);
        File.Copy(Unit, Path.Combine(_root.Path, "etc/systemd/system/registry-index.service"));
        File.Copy(DropIn, Path.Combine(_root.Path, "etc/systemd/system/registry-index.service.d/secrets.conf"));

        var result = await ProcessRunner.RunAsync("systemd-analyze", ["verify", $"--root={_root.Path}", "--recursive-errors=yes", "registry-index.service"]);
        result.ExitCode.Should().Be(0, result.Stderr);
        (await File.ReadAllTextAsync(Unit, TestContext.Current.CancellationToken)).Should().Contain($"ExecStart={Program} serve\n");
    }

    [Fact]
    public async Task The_exposure_of_the_unit_is_below_two_of_ten()
    {
        var result = await ProcessRunner.RunAsync("systemd-analyze", ["security", "--offline=true", "--threshold=20", "--no-pager", Unit]);
        result.ExitCode.Should().Be(0, result.Stdout);
        double.Parse(Exposure().Match(result.Stdout).Groups[1].Value, CultureInfo.InvariantCulture).Should().BeLessThan(2);
    }

    [GeneratedRegex(@"Overall exposure level for \S+: ([0-9.]+)")]
    private static partial Regex Exposure();
}
