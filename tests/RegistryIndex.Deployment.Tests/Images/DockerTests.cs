using System.Globalization;
using RegistryIndex.Testing;

namespace RegistryIndex.Deployment.Tests.Images;

/// <summary>The image in Docker's engine, if the engine starts.</summary>
public sealed class DockerTests(ServerImage image)
{
    [Fact]
    public async Task The_command_of_the_readme_serves_the_sample_registry_and_stops_cleanly()
    {
        await using var engine = await LocalDocker.StartAsync();
        (await engine.RunAsync("", "load", "-q", "-i", image.Archive)).ExitCode.Should().Be(0);
        var port = FreePort.Find().ToString(CultureInfo.InvariantCulture);
        // The command of the README, but without the published port, because this engine has no network.
        var line = Checkout.Snippet("README.md", "bash").Split(' ');
        line[..6].Should().Equal("docker", "run", "--rm", "-p", "127.0.0.1:5080:5080", ServerImage.Name);
        var run = await engine.RunAsync("", ["run", "-d", "--name", "index", "--network", "host", "-e", $"ASPNETCORE_URLS=http://127.0.0.1:{port}", .. line[5..]]);
        run.ExitCode.Should().Be(0, run.Stderr);
        try
        {
            using var client = new HttpClient();
            await Eventually.BeAsync(async () =>
            {
                try
                {
                    return (await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/v1/search?q=web"), TestContext.Current.CancellationToken)).Contains("team/shop/web", StringComparison.Ordinal);
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            });
            (await engine.RunAsync("", "stop", "-t", "60", "index")).ExitCode.Should().Be(0);
            (await engine.RunAsync("", "inspect", "index", "--format", "{{.State.ExitCode}}")).Stdout.Trim().Should().Be("0");
        }
        finally
        {
            await engine.RunAsync("", "rm", "-f", "index");
        }
    }
}
