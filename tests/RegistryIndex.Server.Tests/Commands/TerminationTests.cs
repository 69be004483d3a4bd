using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary>What init systems and people do to a process.</summary>
public sealed class TerminationTests
{
    // The command line is parsed first of all, which takes this assembly.
    private const string First = "System.CommandLine.dll";

    // How far it is tells which assembly it has loaded last.
    [Theory]
    [InlineData(First)]
    [InlineData("Microsoft.Extensions.Hosting.dll")]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel.Core.dll")]
    [InlineData("Microsoft.EntityFrameworkCore.dll")]
    [InlineData("libe_sqlite3.so")]
    public async Task A_server_that_is_told_to_end_while_it_starts_ends_well_and_without_a_complaint(string loaded)
    {
        await using var server = RegistryIndexProcess.Start("serve", "--urls", "http://127.0.0.1:0", "--database", "sqlite://");
        await server.WaitUntilLoadedAsync(loaded);
        (await server.StopAsync()).Should().Be(0, server.Log);
        server.Log.Should().NotContain("fail:").And.NotContain("Interrupted").And.NotContain("   at ");
    }

    [Fact]
    public async Task A_command_that_is_told_to_end_says_so_with_exit_code_130()
    {
        await using var command = RegistryIndexProcess.Start("conformance", "--database", "sqlite://");
        await command.WaitUntilLoadedAsync(First);
        (await command.StopAsync()).Should().Be(130, command.Log);
        command.Log.Should().Contain("Interrupted").And.NotContain("   at ");
    }
}
