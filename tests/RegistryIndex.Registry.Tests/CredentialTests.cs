using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using RegistryIndex.Sources;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Registry.Tests;

/// <summary>Only the registry and the token server that it names see user, password and tokens, wherever the registry redirects.</summary>
public sealed class CredentialTests(CredentialTests.RealRegistry real) : IAsyncLifetime, IClassFixture<CredentialTests.RealRegistry>
{
    private const string Password = "aW5kZXg6c2VzYW1l"; // index:sesame
    private const string Basic = $"Basic {Password}";
    private const string Token = "dG9rZW4tb2YtdGhlLWluZGV4";
    private static readonly string[] Parts = ["/v2/_catalog", "/tags/list", "/manifests/latest", "/blobs/"];
    public static readonly TheoryData<int, bool> Redirects = new(from status in (int[])[301, 302, 303, 307, 308] from isToken in (bool[])[false, true] select (status, isToken));

    private readonly ConcurrentQueue<string> _returned = new();
    private RegistryProxy _proxy = null!;
    private LoggingHost _stranger = null!;

    public async ValueTask InitializeAsync()
    {
        _proxy = await RegistryProxy.StartAsync();
        _proxy.Target = real.Registry.Address;
        _stranger = await LoggingHost.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stranger.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task The_target_of_a_redirect_receives_no_login(int status, bool isToken)
    {
        foreach (var part in Parts)
        {
            AskForLogin(isToken, context => Redirect(context, part, status, $"{_stranger.Url}{context.Request.Path}"));
            await AskAsync(_proxy.Url);
        }

        _stranger.Requests.Should().HaveCountGreaterThanOrEqualTo(Parts.Length, "each request goes to the registry");
        SawNoLogin(_stranger);
    }

    [Theory]
    [InlineData("//{0}/v2/elsewhere")]
    [InlineData("http://index:other@{0}/v2/elsewhere")]
    [InlineData("HTTP://{0}?")]
    public async Task The_target_of_a_redirect_receives_no_login_with_any_spelling_of_the_address(string location)
    {
        AskForLogin(isToken: true, context => Redirect(context, "/manifests/latest", 307, string.Format(location, new Uri(_stranger.Url).Authority)));
        await AskAsync(_proxy.Url);
        _stranger.Requests.Should().NotBeEmpty();
        SawNoLogin(_stranger);
    }

    [Fact]
    public async Task Another_port_and_another_scheme_count_as_another_host()
    {
        using var certificate = TestCertificates.SelfSigned("127.0.0.1");
        using var directory = new TemporaryDirectory();
        await using var port = await LoggingHost.StartAsync("127.0.0.1");
        await using var scheme = await LoggingHost.StartAsync("127.0.0.1", certificate);
        foreach (var host in (LoggingHost[])[port, scheme])
        {
            AskForLogin(isToken: false, context => Redirect(context, "/tags/list", 302, $"{host.Url}/v2/app/tags/list"));
            await AskAsync(_proxy.Url, options => options.AuthorityFile = TestCertificates.Write(Path.Combine(directory.Path, "ca.pem"), certificate));
            host.Requests.Should().NotBeEmpty();
            SawNoLogin(host);
        }
    }

    [Fact]
    public async Task A_chain_of_redirects_carries_no_login_even_back_to_the_registry()
    {
        await using var next = await LoggingHost.StartAsync("127.0.0.4");
        _stranger.Answer = context => Redirected(context, 308, $"{next.Url}/next");
        next.Answer = context => Redirected(context, 301, $"{_proxy.Url}/v2/secret/manifests/latest");
        AskForLogin(isToken: true, context =>
        {
            if (context.Request.Path.Value!.Contains("/secret/", StringComparison.Ordinal))
                _returned.Enqueue(context.Request.Headers.Authorization.ToString());
            return Redirect(context, "/app/manifests/latest", 302, $"{_stranger.Url}/first");
        });
        await AskAsync(_proxy.Url);
        _stranger.Requests.Should().NotBeEmpty();
        next.Requests.Should().NotBeEmpty();
        SawNoLogin(_stranger);
        SawNoLogin(next);
        _returned.Should().BeEmpty("another host must not choose what is read with the login");
    }

    [Theory]
    [InlineData("Basic realm=\"registry\"")]
    [InlineData("Bearer realm=\"{0}/token\",service=\"registry\"")]
    [InlineData("Bearer realm=\"{1}/token\",service=\"registry\"")]
    [InlineData("Negotiate", "Digest realm=\"x\", nonce=\"y\"", "Basic realm=\"registry\"", "Bearer realm=\"{1}/token\"")]
    [InlineData("Basic realm=\"registry\", Bearer realm=\"{1}/token\"")]
    public async Task A_request_for_a_login_by_the_target_of_a_redirect_is_ignored(params string[] challenges)
    {
        await using var realm = await LoggingHost.StartAsync("127.0.0.4");
        _stranger.Answer = context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = challenges.Select(challenge => string.Format(challenge, _stranger.Url, realm.Url)).ToArray();
            return Task.CompletedTask;
        };
        foreach (var isToken in (bool[])[false, true])
        {
            foreach (var part in Parts)
            {
                AskForLogin(isToken, context => Redirect(context, part, 307, $"{_stranger.Url}{context.Request.Path}"));
                var said = await AskAsync(_proxy.Url);
                if (part == "/v2/_catalog")
                    said.Should().Contain("redirects to").And.Contain(new Uri(_stranger.Url).Authority).And.Contain("set registry to it");
            }
        }

        _stranger.Requests.Should().NotBeEmpty();
        SawNoLogin(_stranger);
        realm.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Bearer realm=\"{0}/token\",service=\"registry\"")]
    [InlineData("Basic realm=\"registry\", Bearer realm=\"{0}/token\", service=\"registry\"")]
    [InlineData("Negotiate abc==", "Basic realm=\"say \\\"Bearer realm=x\\\"\"", "bearer service = \"registry\" , realm = \"{0}/token\"")]
    public async Task The_registrys_token_server_receives_the_password_and_the_target_of_its_redirect_does_not(params string[] challenges)
    {
        await using var realm = await LoggingHost.StartAsync("127.0.0.4");
        realm.Answer = context => context.Response.WriteAsync($$"""{"token":"{{Token}}"}""");
        _proxy.Fault = context => Challenge(context, isToken: true, challenges.Select(challenge => string.Format(challenge, realm.Url)).ToArray());
        (await AskAsync(_proxy.Url)).Should().Be("Behind a login");
        realm.Requests.Should().HaveCount(2, "one token is for the catalog and one for the repository").And.OnlyContain(request => request.Contains(Basic) && request.Contains("service=registry"));

        realm.Answer = context => Redirected(context, 307, $"{_stranger.Url}/token");
        _stranger.Answer = context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"token\"";
            return Task.CompletedTask;
        };
        (await AskAsync(_proxy.Url)).Should().Contain("returned no token");
        _stranger.Requests.Should().NotBeEmpty();
        SawNoLogin(_stranger);
    }

    [Theory]
    [InlineData("<{0}/v2/_catalog?n=1&last=a>; rel=\"next\"")]
    [InlineData("<//{1}/v2/_catalog>; rel=next")]
    [InlineData("<file:///etc/passwd>; rel=next")]
    [InlineData("<unix:/var/run/docker.sock>; rel=next")]
    public async Task A_page_on_another_host_is_never_requested(string link)
    {
        foreach (var part in (string[])["/v2/_catalog", "/tags/list"])
        {
            AskForLogin(isToken: true, async context =>
            {
                if (!context.Request.Path.Value!.EndsWith(part, StringComparison.Ordinal))
                    return false;
                context.Response.Headers.Link = string.Format(link, _stranger.Url, new Uri(_stranger.Url).Authority);
                await context.Response.WriteAsync("""{"name":"app","tags":["1.0"],"repositories":["app"]}""");
                return true;
            });
            (await AskAsync(_proxy.Url)).Should().Contain("another server");
        }

        _stranger.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Redirected_content_is_read_from_the_target()
    {
        // A real registry that does not deliver blobs itself, as with a bucket behind it.
        await using var blobs = await LoggingHost.StartAsync("127.0.0.4");
        blobs.Answer = async context => await context.Response.SendFileAsync(Path.Combine(real.Registry.RootDirectory, context.Request.Path.Value!.TrimStart('/')));
        await using var registry = await DockerRegistry.StartAsync($"""
            middleware:
              storage:
                - name: redirect
                  options:
                    baseurl: {blobs.Url}/
            """, real.Registry.RootDirectory);
        _proxy.Target = registry.Address;
        AskForLogin(isToken: true, _ => Task.FromResult(false));
        (await AskAsync(_proxy.Url)).Should().Be("Behind a login");
        blobs.Requests.Should().NotBeEmpty().And.OnlyContain(request => request.Contains("/docker/registry/v2/blobs/sha256/"));
        SawNoLogin(blobs);
    }

    [Theory]
    [InlineData("file:///etc/passwd", "'file:'")]
    [InlineData("unix:/var/run/docker.sock", "'unix:'")]
    [InlineData("unix:///var/run/docker.sock", "'unix:'")]
    [InlineData("ftp://127.0.0.1/", "'ftp:'")]
    [InlineData("data:application/json,{}", "'data:'")]
    [InlineData("ws://127.0.0.1/", "'ws:'")]
    [InlineData("mailto:root@localhost", "'mailto:'")]
    [InlineData("", "without a target address")]
    [InlineData("http://[", "without a target address")]
    [InlineData("/v2/_catalog", "redirects more than")]
    public async Task A_redirect_to_an_address_that_is_not_HTTP_is_an_error_of_one_sentence(string location, string said)
    {
        foreach (var status in (int[])[301, 302, 303, 307, 308])
        {
            using var client = TestClient.Of(_proxy.Url);
            _proxy.Fault = async context =>
            {
                await Redirected(context, status, location);
                return true;
            };
            (await TestClient.ProblemOf(() => client.ReadAllAsync())).Should().Contain(said).And.Contain(new Uri(_proxy.Url).Authority);
            (await TestClient.ProblemOf(() => client.FindAsync("app"))).Should().NotBeEmpty();
        }
    }

    [Fact]
    public async Task A_redirect_from_TLS_to_plain_HTTP_is_refused()
    {
        using var certificate = TestCertificates.SelfSigned("127.0.0.1");
        using var directory = new TemporaryDirectory();
        await using var proxy = await RegistryProxy.StartAsync(certificate);
        proxy.Fault = async context =>
        {
            await Redirected(context, 307, $"{_stranger.Url}/v2/");
            return true;
        };
        (await AskAsync(proxy.Url, options => options.AuthorityFile = TestCertificates.Write(Path.Combine(directory.Path, "ca.pem"), certificate))).Should().Contain("without TLS, which is not allowed");
        _stranger.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Every_request_names_the_product_and_its_version()
    {
        var version = typeof(RegistryClient).Assembly.GetName().Version!.ToString(3);
        var agents = new ConcurrentBag<string>();
        AskForLogin(isToken: true, context =>
        {
            agents.Add(context.Request.Headers.UserAgent.ToString());
            return Redirect(context, "/tags/list", 307, $"{_stranger.Url}/v2/app/tags/list");
        });
        await AskAsync(_proxy.Url);
        agents.Should().NotBeEmpty().And.OnlyContain(agent => agent == $"registry-index/{version}");
        _stranger.Requests.Should().OnlyContain(request => request.Contains($"User-Agent: registry-index/{version}\n"));
    }

    // Returns the result, or else the problem.
    private static async Task<string?> AskAsync(string registry, Action<RegistryOptions>? change = null)
    {
        using var client = TestClient.Of(registry, options =>
        {
            (options.Username, options.Password) = ("index", "sesame");
            change?.Invoke(options);
        });
        try
        {
            var found = await client.ReadAllAsync();
            return found.Find(repository => repository.Problem is not null)?.Problem ?? found.Find(repository => repository.Repository.Name == "app")?.Repository.Description;
        }
        catch (RegistrySourceException error)
        {
            return error.Message;
        }
    }

    private void AskForLogin(bool isToken, Func<HttpContext, Task<bool>> then) => _proxy.Fault = async context =>
    {
        if (context.Request.Path == "/token")
        {
            context.Request.Headers.Authorization.ToString().Should().Be(Basic);
            await context.Response.WriteAsync($$"""{"token":"{{Token}}"}""");
            return true;
        }

        return await Challenge(context, isToken, isToken ? $"Bearer realm=\"{_proxy.Url}/token\",service=\"registry\"" : "Basic realm=\"registry\"") || await then(context);
    };

    private static Task<bool> Challenge(HttpContext context, bool isToken, params string[] challenges)
    {
        var isRight = context.Request.Headers.Authorization == (isToken ? $"Bearer {Token}" : Basic);
        if (isRight)
        {
            context.Request.Headers.Authorization = ""; // the real registry needs no login
            return Task.FromResult(false);
        }

        context.Response.StatusCode = 401;
        context.Response.Headers.WWWAuthenticate = challenges;
        return Task.FromResult(true);
    }

    private static async Task<bool> Redirect(HttpContext context, string part, int status, string location)
    {
        if (!context.Request.Path.Value!.Contains(part, StringComparison.Ordinal))
            return false;
        await Redirected(context, status, location);
        return true;
    }

    private static Task Redirected(HttpContext context, int status, string location)
    {
        context.Response.StatusCode = status;
        if (location.Length > 0)
            context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }

    private static void SawNoLogin(LoggingHost host) => host.Requests.Should().NotContain(
        request => request.Contains("Authorization", StringComparison.OrdinalIgnoreCase) || request.Contains("sesame") || request.Contains(Password) || request.Contains(Token));

    public sealed class RealRegistry : IAsyncLifetime
    {
        public DockerRegistry Registry { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Registry = await DockerRegistry.StartAsync();
            using var directory = new TemporaryDirectory();
            OciImage.Write(directory.Path, label: "Behind a login");
            await Skopeo.CopyAsync(directory.Path, $"{Registry.Address}/app:latest");
        }

        public ValueTask DisposeAsync() => Registry.DisposeAsync();
    }
}
