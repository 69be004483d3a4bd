using RegistryIndex.Deployment.Tests.Images;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Deployment.Tests.Compose;

/// <summary><c>deploy/compose</c>, brought up as it is in Docker's engine, with images loaded from archives.</summary>
public sealed class ComposeTests(ServerImage image) : IDisposable
{
    private static readonly string[] Services = ["registry", "index", "proxy"];
    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task An_image_pushed_to_the_one_address_is_found_there_and_all_containers_are_healthy()
    {
        await using var engine = await LocalDocker.StartAsync(withNetworks: true);
        await LoadAsync(engine);
        await ServerImage.RunAsync("cp", "-r", Checkout.PathOf("deploy", "compose"), PathOf("compose"));
        await ServerImage.RunAsync("rm", "-rf", PathOf("compose/secrets")); // of a trial in this checkout
        await ServerImage.RunAsync(PathOf("compose/secrets.sh"));
        await ComposeAsync(engine, "up", "-d");
        try
        {
            foreach (var service in Services)
                await Eventually.BeAsync(async () => await InspectAsync(engine, service, "{{.State.Health.Status}}") == "healthy", () => $"{service} is never healthy");

            var logins = Directory.CreateDirectory(PathOf("logins")).FullName;
            var login = await engine.RunAsync(logins, "login", "--username", "index", "--password", await PasswordAsync(), "localhost");
            login.ExitCode.Should().Be(0, login.Stderr);
            string[] authorized = ["--authfile", Path.Combine(logins, "config.json")];
            OciImage.Write(PathOf("image"), label: "Web front end of the shop");
            var push = await engine.RunBesideAsync("skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", "--dest-authfile", authorized[1], $"oci:{PathOf("image")}", "docker://localhost/team/shop/web:1.0");
            push.ExitCode.Should().Be(0, push.Stderr);
            // A word of the description, which only the index knows.
            await Eventually.BeAsync(async () => (await engine.RunAsync(logins, "search", "localhost/front")).Stdout.Contains("team/shop/web", StringComparison.Ordinal));
            string[] search = ["search", "--tls-verify=false"];
            (await engine.RunBesideAsync("podman", [.. search, .. authorized, "localhost/web"])).Stdout.Should().Contain("localhost/team/shop/web");

            (await engine.RunAsync("", "search", "localhost/front")).ExitCode.Should().NotBe(0, "a search needs a login");
            (await engine.RunBesideAsync("curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "-d", "{}", "https://localhost/events")).Stdout.Should().Be("404", "the registry's events come from within");

            await ComposeAsync(engine, "stop", "-t", "60");
            (await InspectAsync(engine, "index", "{{.State.ExitCode}}")).Should().Be("0");
        }
        finally
        {
            await ComposeAsync(engine, "down", "-v");
        }
    }

    [Fact]
    public async Task A_user_other_than_root_makes_the_secrets_and_adds_users()
    {
        await ServerImage.RunAsync("cp", "-r", Checkout.PathOf("deploy", "compose"), PathOf("compose"));
        await ServerImage.RunAsync("rm", "-rf", PathOf("compose/secrets"));
        string[] user = [];
        if (Environment.UserName == "root")
        {
            user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
            await ServerImage.RunAsync("chown", "-R", "65534:65534", _home.Path);
        }

        await ServerImage.RunAsync("env", [.. user, PathOf("compose/secrets.sh")]);
        await ServerImage.RunAsync("env", [.. user, "htpasswd", "-bB", PathOf("compose/secrets/htpasswd"), "alice", "password"]);
        (await ServerImage.RunAsync("cut", "-d:", "-f1", PathOf("compose/secrets/htpasswd"))).Should().Be("index\nalice\n");
    }

    // The registry and nginx are Debian's, in the place of the images that the file names.
    private async Task LoadAsync(DockerEngine engine)
    {
        (await engine.RunAsync("", "load", "-q", "-i", image.Archive)).ExitCode.Should().Be(0);
        await ServerImage.RunAsync(Checkout.PathOf("eng", "stand-ins.sh"), _home.Path);
        foreach (var (archive, name, command) in new[]
                 {
                     ("registry.tar", "registry:2.8", """ENTRYPOINT ["/usr/bin/docker-registry","serve"]"""),
                     ("nginx.tar", "nginx:1-alpine", """CMD ["nginx","-g","daemon off;"]"""),
                 })
        {
            var import = await engine.RunAsync("", "import", "--change", command, "--change", "ENV PATH=/usr/sbin:/usr/bin", PathOf(archive), name);
            import.ExitCode.Should().Be(0, import.Stderr);
        }
    }

    private async Task<string> PasswordAsync() => (await File.ReadAllTextAsync(PathOf("compose/secrets/registry-password"), TestContext.Current.CancellationToken)).Trim();

    private async Task<string> InspectAsync(DockerEngine engine, string service, string template)
    {
        var id = (await ComposeAsync(engine, "ps", "-q", service)).Trim();
        return (await engine.RunAsync("", "inspect", id, "--format", template)).Stdout.Trim();
    }

    private Task<string> ComposeAsync(DockerEngine engine, params string[] arguments) =>
        ServerImage.RunAsync("env", [$"DOCKER_HOST={engine.Socket}", "docker-compose", "--project-directory", PathOf("compose"), "-f", PathOf("compose/compose.yaml"), "-p", "registry-index", .. arguments]);

    private string PathOf(string name) => Path.Combine(_home.Path, name);
}
