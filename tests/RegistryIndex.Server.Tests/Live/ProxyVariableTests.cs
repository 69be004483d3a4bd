using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>The proxies of the environment: this machine is never contacted through one, and none sees the login of the registry.</summary>
public sealed class ProxyVariableTests(ProxyVariableTests.ProtectedRegistry real) : IClassFixture<ProxyVariableTests.ProtectedRegistry>
{
    private const string Login = "aW5kZXg6c2VzYW1l"; // index:sesame
    private static readonly string[] None = [.. ((string[])["http_proxy", "https_proxy", "all_proxy", "no_proxy"]).SelectMany(name => (string[])["-u", name, "-u", name.ToUpperInvariant()])];

    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("http_proxy")]
    [InlineData("HTTPS_PROXY")]
    [InlineData("ALL_PROXY")]
    [InlineData("all_proxy", "NO_PROXY=example.com")]
    public async Task A_registry_on_this_machine_is_reached_without_the_proxy(string variable, params string[] more)
    {
        await using var proxy = new LoggingProxy(real.Registry.Address);
        foreach (var host in (string[])["127.0.0.1", "localhost"])
        {
            var result = await SyncAsync([$"{variable}=http://{proxy.Address}", .. more], $"http://{host}:{real.Port}");
            result.ExitCode.Should().Be(0, result.Stderr);
        }

        using var directory = new TemporaryDirectory();
        await using var bucket = await LoggingHost.StartAsync();
        bucket.Answer = context => context.Response.WriteAsync("<ListBucketResult><Name>images</Name><KeyCount>0</KeyCount></ListBucketResult>");
        await RegistryIndexProcess.RunInEnvironmentAsync(
            [.. None, $"{variable}=http://{proxy.Address}", .. more],
            "load", "--database", $"sqlite:///{directory.Path}/index.db", "--set", "storage=s3", "--set", "s3_bucket=images", "--set", $"s3_endpoint={bucket.Url}", "--set", "s3_access_key=a", "--set", "s3_secret_key=b");
        bucket.Requests.Should().NotBeEmpty();
        proxy.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("ALL_PROXY")]
    public async Task A_login_is_not_sent_through_a_proxy_that_could_read_it(string variable)
    {
        await using var proxy = new LoggingProxy(real.Registry.Address);
        var result = await SyncAsync([$"{variable}=http://{proxy.Address}"], "http://registry.example.com:5000");
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("unencrypted").And.Contain(proxy.Address).And.Contain("NO_PROXY").And.NotContain("   at ");
        proxy.Requests.Should().NotBeEmpty();
        SawNoLogin(proxy.Requests);
    }

    [Fact]
    public async Task A_login_is_not_sent_to_a_token_server_that_a_proxy_names()
    {
        await using var stranger = await LoggingHost.StartAsync();
        await using var answer = await LoggingHost.StartAsync("127.0.0.1");
        answer.Answer = context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{stranger.Url}/token\",service=\"registry\"";
            return Task.CompletedTask;
        };
        await using var proxy = new LoggingProxy(new Uri(answer.Url).Authority);
        var result = await SyncAsync([$"http_proxy={proxy.Address}"], "http://registry.example.com:5000");
        result.ExitCode.Should().Be(1);
        answer.Requests.Should().NotBeEmpty();
        SawNoLogin(answer.Requests);
        stranger.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("HTTPS_PROXY")]
    [InlineData("all_proxy")]
    public async Task A_registry_with_TLS_is_reached_through_a_tunnel_and_the_proxys_password_is_not_logged(string variable)
    {
        using var certificate = TestCertificates.SelfSigned("registry.example.com");
        using var directory = new TemporaryDirectory();
        await using var registry = await RegistryProxy.StartAsync(certificate);
        registry.Target = real.Registry.Address;
        await using var proxy = new LoggingProxy(new Uri(registry.Url).Authority, "me:p@ss:w0rd");
        var authority = TestCertificates.Write(Path.Combine(directory.Path, "ca.pem"), certificate);
        var result = await SyncAsync([$"{variable}=http://me:p%40ss:w0rd@{proxy.Address}"], "https://registry.example.com", "--set", $"registry_ca_file={authority}", "--set", "Logging:LogLevel:Default=Trace");
        result.ExitCode.Should().Be(0, result.Stderr);
        registry.Paths.Should().Contain("/v2/_catalog");
        proxy.Requests.Should().NotBeEmpty().And.OnlyContain(request => request.StartsWith("CONNECT registry.example.com:443 "));
        SawNoLogin(proxy.Requests);
        (result.Stdout + result.Stderr).Should().NotContain("w0rd");

        var refused = await SyncAsync([$"{variable}=http://me:wr0ng@{proxy.Address}"], "https://registry.example.com", "--set", $"registry_ca_file={authority}");
        refused.ExitCode.Should().Be(1);
        refused.Stderr.Should().Contain("407").And.NotContain("wr0ng");
    }

    [Fact]
    public async Task A_registry_in_a_network_of_NO_PROXY_is_reached_without_the_proxy()
    {
        var here = NetworkInterface.GetAllNetworkInterfaces().Where(card => card.OperationalStatus == OperationalStatus.Up)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(address => address.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipWhen(here is null, "This machine has no address but its loopback ones.");
        await using var registry = await LoggingHost.StartAsync(here.ToString());
        registry.Answer = async context =>
        {
            var isRight = context.Request.Headers.Authorization == $"Basic {Login}";
            context.Response.StatusCode = isRight ? 200 : 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"registry\"";
            await context.Response.WriteAsync("""{"repositories":[]}""");
        };
        await using var proxy = new LoggingProxy(new Uri(registry.Url).Authority);
        foreach (var exception in (string[])[$"NO_PROXY=10.255.255.255, {here}/24", $"no_proxy={here}", $"NO_PROXY={new Uri(registry.Url).Authority}", "NO_PROXY=*"])
            (await SyncAsync([$"HTTP_PROXY=http://{proxy.Address}", exception], registry.Url)).ExitCode.Should().Be(0, exception);
        proxy.Requests.Should().BeEmpty();
        (await SyncAsync([$"HTTP_PROXY=http://{proxy.Address}", "NO_PROXY=203.0.113.0/24"], registry.Url)).ExitCode.Should().Be(1);
        SawNoLogin(proxy.Requests);
    }

    [Theory]
    [InlineData("HTTPS_PROXY=socks5h://proxy.example.com:1080")]
    [InlineData("https_proxy=http://me:w0rd@proxy.example.com:port")]
    [InlineData("ALL_PROXY=:::")]
    public async Task A_variable_without_a_valid_proxy_is_a_mistake_if_it_is_used(string variable)
    {
        var result = await SyncAsync([variable], "https://registry.example.com");
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().Contain($"The variable {variable.Split('=')[0]} does not contain a usable proxy").And.NotContain("w0rd").And.NotContain("   at ");
        (await SyncAsync([variable], $"http://{real.Registry.Address}")).ExitCode.Should().Be(0, "the variable is not used for this machine");
    }

    private static void SawNoLogin(IEnumerable<string> requests) =>
        requests.Should().NotContain(request => request.Contains("\nAuthorization", StringComparison.OrdinalIgnoreCase) || request.Contains(Login) || request.Contains("sesame"));

    private static async Task<ProcessResult> SyncAsync(string[] environment, string registry, params string[] more)
    {
        using var directory = new TemporaryDirectory();
        return await RegistryIndexProcess.RunInEnvironmentAsync(
            [.. None, .. environment],
            ["sync", "--database", $"sqlite:///{directory.Path}/index.db", "--registry", registry, "--set", "registry_username=index", "--set", "registry_password=sesame", .. more]);
    }

    public sealed class ProtectedRegistry : IAsyncLifetime
    {
        private readonly TemporaryDirectory _directory = new();

        public DockerRegistry Registry { get; private set; } = null!;

        public string Port => Registry.Address.Split(':')[1];

        public async ValueTask InitializeAsync()
        {
            var htpasswd = Path.Combine(_directory.Path, "htpasswd");
            await File.WriteAllTextAsync(htpasswd, $"index:{BCrypt.Net.BCrypt.HashPassword("sesame", 5)}\n");
            Registry = await DockerRegistry.StartAsync($"auth:\n  htpasswd:\n    realm: registry\n    path: {htpasswd}");
        }

        public async ValueTask DisposeAsync()
        {
            await Registry.DisposeAsync();
            _directory.Dispose();
        }
    }
}
