using RegistryIndex.Server.Tests.Conformance;
using RegistryIndex.Server.Tests.Hosting;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Moving;

/// <summary>Commands that copy a registry report facts that are not copied.</summary>
public sealed class FactsTests
{
    [Theory]
    [InlineData("sync")]
    [InlineData("sync --dry-run")]
    [InlineData("load")]
    public async Task A_load_and_a_sync_report_once_that_facts_are_not_copied(string command)
    {
        string[] arguments = [.. command.Split(' '), "--storage-path", Checkout.PathOf("samples", "registry")];
        var result = await RegistryIndexProcess.RunAsync([.. arguments, "--search-backend", "RegistryIndex.Server.Tests", "--set", $"{DefectiveIndex.Key}=none"]);
        result.ExitCode.Should().Be(0, result.Stderr);
        result.Stderr.Split('\n').Count(line => line == $"The provider '{ForgetfulProvider.Name}' does not store facts, so the facts of the registry are not copied.").Should().Be(1, result.Stderr);

        using var directory = new TemporaryDirectory();
        (await RegistryIndexProcess.RunAsync([.. arguments, "--database", $"sqlite:///{directory.Path}/index.db"])).Stderr.Should().NotContain("not copied");
    }
}
