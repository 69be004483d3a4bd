using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary>The first minute of a new user.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task The_script_serves_the_sample_and_the_commands_of_the_readme_find_it()
    {
        await using var server = await RegistryIndexProcess.ServeByScriptAsync(Checkout.PathOf("run.sh"));
        server.Log.Should().Contain("Try, in another terminal");
        await server.WaitForAsync("Loaded: ");

        var lines = Checkout.Snippets("README.md", "sh").SelectMany(snippet => snippet.Split('\n')).Where(line => line.StartsWith("podman search ", StringComparison.Ordinal) || line.Contains("/v1/search", StringComparison.Ordinal)).ToList();
        lines.Should().HaveCount(2);
        foreach (var line in lines)
        {
            var result = await ProcessRunner.RunAsync("bash", ["-c", line.Replace("127.0.0.1:5080", server.Address, StringComparison.Ordinal)]);
            result.ExitCode.Should().Be(0, "{0} said {1}", line, result.Stderr);
            result.Stdout.Should().Contain("team/shop/web");
        }
    }
}
