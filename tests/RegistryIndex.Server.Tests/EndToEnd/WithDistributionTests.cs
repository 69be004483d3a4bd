using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary>The configurations of docs/with-distribution.md, with other addresses, paths and secrets.</summary>
public sealed class WithDistributionTests : IDisposable
{
    private const string Document = "docs/with-distribution.md";
    private const string Secret = "5f0c7d6be2a94f3e8d1b";
    private readonly TemporaryDirectory _directory = new();
    private readonly (int Registry, int Index, int Proxy) _ports = (FreePort.Find(), FreePort.Find(), FreePort.Find());

    public WithDistributionTests()
    {
        Directory.CreateDirectory(PathOf("registry"));
        File.WriteAllText(PathOf("htpasswd"), $"index:{BCrypt.Net.BCrypt.HashPassword("for the index", 5)}\nalice:{BCrypt.Net.BCrypt.HashPassword("for alice", 5)}\n");
        File.WriteAllText(PathOf("registry-password"), "for the index\n");
        File.WriteAllText(PathOf("events-secret"), Secret + "\n");
        File.WriteAllText(PathOf("config.json"), $$"""{"auths":{"127.0.0.1:{{_ports.Proxy}}":{"auth":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes("alice:for alice"))}}"} } }""");
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=registry", pair, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(PathOf("tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("tls.key"), pair.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_configurations_of_the_document_work_together()
    {
        var yaml = Checkout.Snippets(Document, "yaml").ToList();
        yaml.Should().HaveCount(2);
        File.WriteAllText(PathOf("index.yml"), Here(yaml[1]));
        await using var registry = await DockerRegistry.StartConfiguredAsync(Here(yaml[0]), PathOf("registry"));
        await using var index = await RegistryIndexProcess.ServeAtAsync($"http://127.0.0.1:{_ports.Index}", "--config", PathOf("index.yml"));
        await using var proxy = await Nginx.StartAsync(Here(Checkout.Snippet(Document, "nginx")), _ports.Proxy);

        OciImage.Write(PathOf("image"), annotation: "Front end");
        var push = await RunAsync("skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", "--dest-authfile", PathOf("config.json"), $"oci:{PathOf("image")}", $"docker://127.0.0.1:{_ports.Proxy}/team/app/web:latest");
        push.ExitCode.Should().Be(0, push.Stderr);

        var address = $"https://127.0.0.1:{_ports.Proxy}";
        await Eventually.BeAsync(
            async () => (await CurlAsync("-u", "alice:for alice", $"{address}/v1/search?q=web")).Contains("\"description\":\"Front end\"", StringComparison.Ordinal),
            () => $"the index said {index.Log}");

        (await CurlAsync($"{address}/v1/search?q=web")).Should().Contain("Log in");
        (await CurlAsync("-u", "alice:wrong", $"{address}/v2/_catalog")).Should().Contain("UNAUTHORIZED");
        (await CurlAsync("-u", "alice:for alice", $"{address}/v2/team/app/web/tags/list")).Should().Contain("latest", "all other paths go to the registry");
        (await CurlAsync("-X", "POST", "-d", "{}", $"{address}/events")).Should().NotContain("The body", "events do not pass through the proxy");
        var podman = await RunAsync("podman", "search", "--tls-verify=false", "--authfile", PathOf("config.json"), "--format", "{{.Name}}", $"127.0.0.1:{_ports.Proxy}/web");
        podman.ExitCode.Should().Be(0, podman.Stderr);
        podman.Stdout.Trim().Should().Be($"127.0.0.1:{_ports.Proxy}/team/app/web");
        index.Log.Should().NotContain("fail:").And.NotContain("   at ");
    }

    // Replaces only the paths and ports that depend on the machine.
    private string Here(string configuration) => configuration
        .Replace("/var/lib/registry-index/", $"{_directory.Path}/", StringComparison.Ordinal)
        .Replace("/var/lib/registry", PathOf("registry"), StringComparison.Ordinal)
        .Replace("/etc/registry-index/", $"{_directory.Path}/", StringComparison.Ordinal)
        .Replace("/etc/registry/", $"{_directory.Path}/", StringComparison.Ordinal)
        .Replace("/etc/nginx/", $"{_directory.Path}/", StringComparison.Ordinal)
        .Replace("127.0.0.1:5000", $"127.0.0.1:{_ports.Registry}", StringComparison.Ordinal)
        .Replace("127.0.0.1:5080", $"127.0.0.1:{_ports.Index}", StringComparison.Ordinal)
        .Replace("listen 443 ssl", $"listen 127.0.0.1:{_ports.Proxy} ssl", StringComparison.Ordinal)
        .Replace("EVENTS_SECRET]", $"{Secret}]", StringComparison.Ordinal);

    private string PathOf(string file) => Path.Combine(_directory.Path, file);

    private async Task<string> CurlAsync(params string[] arguments) => (await RunAsync("curl", ["-sk", .. arguments])).Stdout;

    private static Task<ProcessResult> RunAsync(string program, params string[] arguments) => ProcessRunner.RunAsync(program, arguments);
}
