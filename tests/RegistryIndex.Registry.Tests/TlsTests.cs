using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Registry.Tests;

/// <summary>TLS with the files of the settings: which registries the client trusts, and to which it sends its certificate.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly X509Certificate2 _server = TestCertificates.SelfSigned("127.0.0.1", "127.0.0.2");
    private readonly X509Certificate2 _authority = TestCertificates.Authority("people");
    private readonly X509Certificate2 _between;
    private readonly X509Certificate2 _index;

    public TlsTests()
    {
        _between = TestCertificates.Issue(_authority, "between", isAuthority: true);
        _index = TestCertificates.Issue(_between, "index");
    }

    public void Dispose()
    {
        foreach (var certificate in (X509Certificate2[])[_server, _authority, _between, _index])
            certificate.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_client_certificate_is_sent_with_its_chain_to_a_registry_behind_nginx()
    {
        await using var registry = await DockerRegistry.StartAsync();
        using var pusher = new RegistryPusher(registry.Address);
        await pusher.PrepareAsync("app");
        await pusher.PushAsync("app", "For those with a certificate");
        var port = FreePort.Find();
        await using var nginx = await Nginx.StartAsync(
            $$"""
            server {
                listen 127.0.0.1:{{port}} ssl;
                ssl_certificate {{Write("server.pem", _server)}};
                ssl_certificate_key {{TestCertificates.WriteKey(File("server.key"), _server)}};
                ssl_client_certificate {{Write("people.pem", _authority)}};
                ssl_verify_client on;
                ssl_verify_depth 2;
                location / { proxy_pass http://{{registry.Address}}; proxy_set_header Host $http_host; }
            }
            """, port);
        var key = TestCertificates.WriteKey(File("index.key"), _index);
        using var shown = Client(port, options => (options.ClientCertificateFile, options.ClientKeyFile) = (Write("index.pem", _index, _between), key));
        (await shown.FindAsync("app"))!.Repository.Description.Should().Be("For those with a certificate");
        var both = Write("both.pem", _index, _between);
        await System.IO.File.AppendAllTextAsync(both, await System.IO.File.ReadAllTextAsync(key));
        using var inOneFile = Client(port, options => options.ClientCertificateFile = both);
        (await inOneFile.ReadAllAsync()).Should().HaveCount(1);

        using var stranger = TestCertificates.Issue(TestCertificates.Authority("strangers"), "index");
        using var wrong = Client(port, options => (options.ClientCertificateFile, options.ClientKeyFile) = (Write("wrong.pem", stranger), TestCertificates.WriteKey(File("wrong.key"), stranger)));
        (await TestClient.ProblemOf(() => wrong.FindAsync("app"))).Should().Contain("400");
        using var none = Client(port, _ => { });
        (await TestClient.ProblemOf(() => none.FindAsync("app"))).Should().Contain("400");
    }

    [Fact]
    public async Task No_other_host_receives_the_client_certificate()
    {
        await using var stranger = await LoggingHost.StartAsync("127.0.0.2", _server);
        await using var registry = await LoggingHost.StartAsync("127.0.0.1", _server);
        registry.Answer = context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = $"{stranger.Url}{context.Request.Path}";
            return Task.CompletedTask;
        };
        using var client = Client(new Uri(registry.Url).Port, Show("index"));
        await TestClient.ProblemOf(() => client.FindAsync("app"));
        registry.Requests.Should().NotBeEmpty().And.OnlyContain(request => request.Contains("client certificate: CN=index"));
        stranger.Requests.Should().NotBeEmpty().And.NotContain(request => request.Contains("client certificate"));
    }

    [Fact]
    public async Task A_renewed_certificate_is_read_again_and_the_old_one_is_used_until_certificate_and_key_match()
    {
        await using var registry = await LoggingHost.StartAsync("127.0.0.1", _server);
        registry.Answer = async context => await context.Response.WriteAsync("""{"repositories":[]}""");

        var log = new Lines();
        using var secret = new MountedSecret();
        await secret.UpdateAsync(("tls.crt", Pem(_index)), ("tls.key", Key(_index)));
        using var client = Client(new Uri(registry.Url).Port, options => (options.ClientCertificateFile, options.ClientKeyFile) = (secret.PathOf("tls.crt"), secret.PathOf("tls.key")), log);
        await client.ReadAllAsync();
        registry.Requests[^1].Should().Contain("CN=index");

        using var renewed = TestCertificates.Issue(_between, "renewed");
        await secret.UpdateAsync(("tls.crt", Pem(renewed)), ("tls.key", Key(_index)));
        await Eventually.BeAsync(() => log.Any(line => line.Contains("not a matching PEM certificate and key", StringComparison.Ordinal)));
        await client.ReadAllAsync();
        registry.Requests[^1].Should().Contain("CN=index");

        await secret.UpdateAsync(("tls.crt", Pem(renewed)), ("tls.key", Key(renewed)));
        await Eventually.BeAsync(async () =>
        {
            await client.ReadAllAsync();
            return registry.Requests[^1].Contains("CN=renewed");
        });

        string Pem(X509Certificate2 certificate) => System.IO.File.ReadAllText(Write("pem", certificate, _between));

        string Key(X509Certificate2 certificate) => System.IO.File.ReadAllText(TestCertificates.WriteKey(File("key"), certificate));
    }

    [Theory]
    [InlineData("registry_ca_file", "/nowhere/ca.pem", "registry_ca_file '/nowhere/ca.pem' cannot be read")]
    [InlineData("registry_ca_file", "{key}", "registry_ca_file contains no certificate")]
    [InlineData("registry_ca_file", "{broken}", "registry_ca_file contains data that is not a PEM certificate")]
    [InlineData("registry_client_certificate_file", "/nowhere/index.pem", "registry_client_certificate_file '/nowhere/index.pem' cannot be read")]
    [InlineData("registry_client_certificate_file", "{certificate}", "not a matching PEM certificate and key")]
    [InlineData("registry_client_certificate_file", "{certificate}", "not a matching PEM certificate and key", "registry_client_key_file", "{otherKey}")]
    [InlineData("registry_client_certificate_file", "{certificate}", "is encrypted", "registry_client_key_file", "{encrypted}")]
    [InlineData("registry_client_certificate_file", "{certificate}", "with TLS only", "registry_client_key_file", "{key}", "registry", "http://registry.example.com")]
    [InlineData("registry_client_key_file", "{key}", "is set without a certificate")]
    [InlineData("registry_password_file", "/nowhere/password", "registry_password_file '/nowhere/password' cannot be read", "registry_username", "index")]
    [InlineData("registry_username", "in:dex", "colon")]
    [InlineData("registry_client_certificate_file", "{certificate}", null, "registry_client_key_file", "{key}")]
    public void An_unusable_certificate_is_an_error_at_the_start(string key, string value, string? problem, params string[] more)
    {
        Write("certificate", _index, _between);
        TestCertificates.WriteKey(File("key"), _index);
        TestCertificates.WriteKey(File("otherKey"), _server);
        System.IO.File.WriteAllText(File("broken"), "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        using (var pair = _index.GetECDsaPrivateKey()!)
            System.IO.File.WriteAllText(File("encrypted"), pair.ExportEncryptedPkcs8PrivateKeyPem("sesame", new(System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000)));

        var settings = new Dictionary<string, string?> { ["registry"] = "https://registry.example.com", [key] = Path(value) };
        foreach (var pair in more.Chunk(2))
            settings[pair[0]] = Path(pair[1]);
        var services = new ServiceCollection().AddRegistryClient(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();
        var read = () => services.GetRequiredService<IOptions<RegistryOptions>>().Value;
        if (problem is null)
            read.Should().NotThrow();
        else
            read.Should().Throw<OptionsValidationException>().Which.Failures.Should().ContainSingle().Which.Should().Contain(problem).And.EndWith(".").And.NotContain("\n");

        string Path(string text) => text.StartsWith('{') ? File(text.Trim('{', '}')) : text;
    }

    private string File(string name) => Path.Combine(_directory.Path, name);

    private string Write(string name, params X509Certificate2[] certificates) => TestCertificates.Write(File(name), certificates);

    private Action<RegistryOptions> Show(string name) => options =>
        (options.ClientCertificateFile, options.ClientKeyFile) = (Write($"{name}.pem", _index, _between), TestCertificates.WriteKey(File($"{name}.key"), _index));

    private RegistryClient Client(int port, Action<RegistryOptions> change, ILogger? logger = null) => TestClient.Of($"https://127.0.0.1:{port}", options =>
    {
        options.AuthorityFile = Write("ca.pem", _server);
        change(options);
    }, logger: logger);

    private sealed class Lines : ConcurrentQueue<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Enqueue(formatter(state, exception));
    }
}
