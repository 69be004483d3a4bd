using System.Globalization;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Deployment.Tests.Images;

/// <summary>The image in podman, as the user 1654, with a read-only root and without capabilities.</summary>
public sealed class PodmanTests(Podman podman) : IClassFixture<Podman>
{
    private static readonly string[] Sample = ["serve", "--storage-path", "/sample", "--set", "allow_anonymous=true"];

    [Fact]
    public async Task The_server_listens_on_port_5080_of_every_address_and_not_on_the_port_of_the_base_image()
    {
        var container = await podman.ServeAsync(["--network", "none", "-v", "sample-5080:/data", "-e", "ASPNETCORE_HTTP_PORTS=8080"], Sample);
        await podman.UntilHealthyAsync(container, "--url", "http://127.0.0.1:5080");
        (await podman.TryAsync("exec", container, "/app/registry-index", "healthcheck", "--url", "http://127.0.0.1:8080")).ExitCode.Should().Be(1);
        (await podman.RunAsync("exec", container, "/app/registry-index", "config", "--set", "allow_anonymous=true")).Should().Contain("urls = http://*:5080").And.Contain("sqlite:////data/index.db");

        var status = await File.ReadAllLinesAsync($"/proc/{await podman.InspectAsync(container, "{{.State.Pid}}")}/status", TestContext.Current.CancellationToken);
        status.Should().Contain(line => line.StartsWith("Uid:\t1654\t1654", StringComparison.Ordinal)).And.Contain("CapEff:\t0000000000000000");
    }

    [Fact]
    public async Task Without_a_login_or_allow_anonymous_the_server_does_not_start()
    {
        var container = await podman.ServeAsync(["--network", "none"]);
        (await podman.RunAsync("wait", container)).Trim().Should().Be("2");
        var said = await podman.TryAsync("logs", container);
        (said.Stdout + said.Stderr).Should().StartWith("registry-index: urls 'http://*:5080' lets other machines search without a login: set htpasswd to a file of users, or allow_anonymous to true to permit this");
    }

    [Fact]
    public async Task A_pushed_image_is_found_by_podman_also_after_a_restart_on_the_same_volume()
    {
        var port = FreePort.Find().ToString(CultureInfo.InvariantCulture);
        await using var registry = await DockerRegistry.StartAsync($"""
            notifications:
              endpoints:
                - name: index
                  url: http://127.0.0.1:{port}/events
                  timeout: 1s
                  threshold: 5
                  backoff: 100ms
            """);
        string[] options = ["--network", "host", "-e", $"REGISTRYINDEX__URLS=http://127.0.0.1:{port}", "-v", "index:/data"];
        var first = await podman.ServeAsync([.. options, "-e", $"REGISTRYINDEX__REGISTRY=http://{registry.Address}"]);
        await podman.UntilHealthyAsync(first);
        using var images = new HandMadeImages(registry.Address);
        await images.ImageAsync("team/shop/web", "1.0", labels: [(HandMadeImages.Description, "Web front end")]);
        await Eventually.BeAsync(async () => (await SearchAsync(port, "front")).Contains($"127.0.0.1:{port}/team/shop/web", StringComparison.Ordinal));

        await podman.RunAsync("stop", "-t", "60", first);
        (await podman.InspectAsync(first, "{{.State.ExitCode}}")).Should().Be("0", "it stops before podman kills it");

        var second = await podman.ServeAsync(options);
        await podman.UntilHealthyAsync(second);
        await Eventually.BeAsync(async () => (await SearchAsync(port, "front")).Contains("team/shop/web", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_health_check_reports_whether_the_server_is_healthy()
    {
        var container = await podman.ServeAsync(["--network", "none", "-v", "sample-health:/data", "--health-cmd", """["/app/registry-index","healthcheck"]""", "--health-interval", "disable"], Sample);
        await podman.UntilHealthyAsync(container);
        (await podman.TryAsync("healthcheck", "run", container)).ExitCode.Should().Be(0);

        await podman.RunAsync("kill", "-s", "STOP", container);
        (await podman.TryAsync("healthcheck", "run", container)).ExitCode.Should().Be(1);
        var said = await podman.TryAsync("exec", container, "/app/registry-index", "healthcheck");
        said.ExitCode.Should().Be(1);
        said.Stderr.Should().Contain("The server at http://127.0.0.1:5080/ does not answer: no answer within 5 s.");

        await podman.RunAsync("kill", "-s", "CONT", container);
        await podman.UntilHealthyAsync(container);
    }

    private static async Task<string> SearchAsync(string port, string term) =>
        (await ProcessRunner.RunAsync("podman", ["search", "--tls-verify=false", "--no-trunc", $"127.0.0.1:{port}/{term}"], TestContext.Current.CancellationToken)).Stdout;
}
