using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary><c>registry-index healthcheck</c>, for containers without a shell.</summary>
public sealed class HealthcheckCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://*:{0};http://unix:{1}/second.sock")]
    [InlineData("http://[::]:{0}")]
    [InlineData("http://localhost:{0}")]
    [InlineData("http://unix:{1}/index.sock")]
    [InlineData("https://0.0.0.0:{0}")]
    [InlineData("https://unix:{1}/index.sock")]
    public async Task The_command_sends_its_request_to_the_first_of_the_urls(string form)
    {
        var urls = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, FreePort.Find(), _directory.Path);
        using var certificate = TestCertificates.SelfSigned("index.example.com");
        var (certificateFile, keyFile) = (TestCertificates.Write(Path.Combine(_directory.Path, "tls.pem"), certificate), Path.Combine(_directory.Path, "tls.key"));
        await File.WriteAllTextAsync(keyFile, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        string[] settings = ["--set", $"urls={urls}", "--database", "sqlite://", "--set", "allow_anonymous=true", "--set", $"tls_certificate_file={certificateFile}", "--set", $"tls_key_file={keyFile}"];
        await using var server = RegistryIndexProcess.Start(["serve", .. settings]);
        await server.WaitForAsync("Now listening on");

        var result = await RegistryIndexProcess.RunAsync(["healthcheck", .. settings]);
        result.ExitCode.Should().Be(0, result.Stderr);
        (result.Stdout + result.Stderr).Should().BeEmpty();
    }

    [Fact]
    public async Task A_certificate_other_than_the_configured_one_is_not_healthy()
    {
        using var configured = TestCertificates.SelfSigned("index.example.com");
        using var other = TestCertificates.SelfSigned("index.example.com");
        var certificateFile = TestCertificates.Write(Path.Combine(_directory.Path, "tls.pem"), configured);
        await using var impostor = LoopbackApp.Create(listen: port => port.UseHttps(other));
        impostor.MapGet("/healthz", () => "ok");
        await impostor.StartAsync(TestContext.Current.CancellationToken);
        var url = impostor.Urls.Single();
        var result = await RegistryIndexProcess.RunAsync("healthcheck", "--url", url, "--set", $"tls_certificate_file={certificateFile}");
        result.ExitCode.Should().Be(1, result.Stderr);
        result.Stderr.Should().StartWith($"registry-index: The server at {url}/ does not answer: ").And.NotContain("This is a bug");
    }

    [Theory]
    [InlineData(1, "--set", "urls=http://127.0.0.1:1", "The server at http://127.0.0.1:1/ does not answer: Connection refused.")]
    [InlineData(1, "--url", "http://127.0.0.1:1", "The server at http://127.0.0.1:1/ does not answer: Connection refused.")]
    [InlineData(2, "--set", "urls=http://127.0.0.1:0", "urls 'http://127.0.0.1:0' uses any free port, which only the server knows: name its address with --url.")]
    [InlineData(1, "--url", "http://unix:/nowhere/index.sock", "The server at http://unix:/nowhere/index.sock does not answer: there is no such socket.")]
    [InlineData(1, "--url", "https://unix:/nowhere/index.sock", "The server at https://unix:/nowhere/index.sock does not answer: there is no such socket.")]
    [InlineData(2, "--url", "nonsense", "--url 'nonsense' is not an address to listen on: write http://127.0.0.1:5080, http://*:5080 or http://unix:/run/registry-index.sock.")]
    [InlineData(2, "--url", "http://user:secret@127.0.0.1:1", "--url 'http://***@127.0.0.1:1' is not an address to listen on: write http://127.0.0.1:5080, http://*:5080 or http://unix:/run/registry-index.sock.")]
    public async Task An_unhealthy_server_is_one_sentence(int exitCode, string option, string url, string sentence)
    {
        var result = await RegistryIndexProcess.RunAsync("healthcheck", option, url);
        result.ExitCode.Should().Be(exitCode);
        result.Stderr.Should().Be($"registry-index: {sentence}\n");
    }
}
