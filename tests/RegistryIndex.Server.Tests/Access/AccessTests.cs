using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Access;

public sealed class AccessTests
{
    [Fact]
    public async Task The_server_does_not_listen_for_other_machines_without_a_login_or_allow_anonymous()
    {
        var result = await RegistryIndexProcess.RunAsync("serve", "--urls", "http://0.0.0.0:0", "--database", "sqlite://");
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().Contain("lets other machines search without a login: set htpasswd").And.NotContain("   at ");
    }

    [Theory]
    [InlineData("http://*:0")]
    [InlineData("http://index.example.com:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://127.0.0.1:0;http://10.0.0.1:0")]
    public void Every_address_that_is_not_loopback_counts_as_open_to_other_machines(string urls) =>
        FluentActions.Invoking(() => Listening.CheckedUrls(urls, new())).Should().Throw<ConfigurationMistakeException>().WithMessage("*lets other machines search*");

    [Theory]
    [InlineData("http://localhost:5080")]
    [InlineData("http://127.8.0.1:0")]
    [InlineData("http://[::1]:0")]
    public void Loopback_addresses_are_served_without_a_login(string url) => Listening.CheckedUrls(url, new()).Should().Equal(url);

    [Fact]
    public void With_allow_anonymous_other_machines_are_served()
    {
        Listening.CheckedUrls("http://*:5080", new() { AllowAnonymous = true }).Should().Equal("http://*:5080");
        Listening.CheckedUrls("http://*:5080", new() { Htpasswd = "htpasswd" }).Should().Equal("http://*:5080");
    }

    [Theory]
    [InlineData("htpasswd", "/nowhere/htpasswd", "the file does not exist")]
    [InlineData("tls_certificate_file", "/nowhere/tls.crt", "the file does not exist")]
    [InlineData("rate_limit", "-1", "rate_limit is in requests a second")]
    [InlineData("trusted_proxies", "proxy", "neither an address nor a network")]
    [InlineData("urls", "https://127.0.0.1:0", "set tls_certificate_file")]
    [InlineData("events_secrets", "short", "of 16 characters or more")]
    [InlineData("registry", "registry:5000", "not an address")]
    [InlineData("registry", "http://me:secret@registry:5000", "registry_username")]
    [InlineData("sync_interval", "-1", "sync_interval is in hours")]
    [InlineData("extensions:dynamodb_index:sweep_interval", "-1", "sweep_interval is in hours")]
    [InlineData("sync_max_deletions", "101", "in percent")]
    public async Task A_wrong_setting_is_one_sentence(string key, string value, string sentence)
    {
        var mistake = await FluentActions.Awaiting(() => RunningServer.StartAsync((key, value))).Should().ThrowAsync<Exception>();
        var said = mistake.Which is OptionsValidationException options ? string.Join(" ", options.Failures) : mistake.Which.Should().BeOfType<ConfigurationMistakeException>().Which.Message;
        said.Should().Contain(sentence).And.NotContain("secret@");
    }

    [Fact]
    public async Task Users_and_secrets_change_without_a_restart_and_removed_ones_are_refused()
    {
        await using var server = await ProtectedServer.StartAsync();
        (await SearchAsync(server, ProtectedServer.User, ProtectedServer.Password)).Should().Be(HttpStatusCode.OK);
        const string Next = "fedcba9876543210fedcba9876543210";
        await File.WriteAllTextAsync(server.SecretsFile, $"{ProtectedServer.Secret}\n{Next}\n");
        await File.WriteAllTextAsync(server.Htpasswd, $"{ProtectedServer.LineOf(ProtectedServer.User, "another one")}\n{ProtectedServer.LineOf("second", "two")}\n");
        await EventuallyAsync(() => PostAsync(server, Next), HttpStatusCode.Accepted);
        (await PostAsync(server, ProtectedServer.Secret)).Should().Be(HttpStatusCode.Accepted, "both secrets work during the change");
        await EventuallyAsync(() => SearchAsync(server, "second", "two"), HttpStatusCode.OK);
        (await SearchAsync(server, ProtectedServer.User, ProtectedServer.Password)).Should().Be(HttpStatusCode.Unauthorized);

        await File.WriteAllTextAsync(server.SecretsFile, Next);
        await EventuallyAsync(() => PostAsync(server, ProtectedServer.Secret), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_a_secret_a_server_with_a_login_refuses_events()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "htpasswd");
        await File.WriteAllTextAsync(file, ProtectedServer.LineOf("reader", "password"));
        await using var server = await RunningServer.StartAsync(("htpasswd", file));
        (await server.Client.PostAsync("/events", new StringContent("""{"events":[]}"""))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080;http://localhost:5081", true)]
    [InlineData("http://127.0.0.1:5080;http://*:5081", false)]
    public void Without_a_secret_a_server_for_other_machines_refuses_events(string urls, bool isThisMachineOnly) => Listening.IsThisMachineOnly(urls).Should().Be(isThisMachineOnly);

    [Fact]
    public async Task Without_access_control_a_login_is_not_required_and_is_ignored()
    {
        await using var server = await RunningServer.StartAsync();
        server.Client.DefaultRequestHeaders.Authorization = new("Basic", "Og==");
        (await server.Client.GetAsync("/v1/search?q=")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await server.Client.PostAsync("/events", new StringContent("""{"events":[]}""", Encoding.UTF8, "application/json"))).StatusCode.Should().Be(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("/v1/search?q=", "{\"error\":")]
    [InlineData("/api/v1", "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\"")]
    [InlineData("/api/v1/repositories", "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\"")]
    public async Task The_rate_limit_applies_to_each_address_separately(string path, string form)
    {
        await using var server = await RunningServer.StartAsync(("rate_limit", "1"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => GetFromAsync("203.0.113.5")));
        answers.Count(status => status == HttpStatusCode.TooManyRequests).Should().BeGreaterThan(20);
        answers.Count(status => status == HttpStatusCode.OK).Should().BeGreaterThanOrEqualTo(2);
        (await GetFromAsync("203.0.113.6")).Should().Be(HttpStatusCode.OK);

        async Task<HttpStatusCode> GetFromAsync(string client)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Forwarded-For", client } } };
            using var answer = await server.Client.SendAsync(request);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                answer.Headers.RetryAfter!.Delta.Should().BePositive();
                (await answer.Content.ReadAsStringAsync()).Should().StartWith(form);
            }

            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Answers_have_the_security_headers()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var path in (string[])["/v1/search?q=", "/nothing", "/v1/search?n=x"])
        {
            using var answer = await server.Client.GetAsync(path);
            answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
            answer.Headers.GetValues("Content-Security-Policy").Should().ContainSingle();
            answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        }
    }

    [Fact]
    public async Task Config_shows_the_files_of_secrets_and_never_the_secrets()
    {
        var result = await RegistryIndexProcess.RunAsync(
            "config", "--set", "htpasswd=/etc/index/htpasswd", "--set", "events_secrets:0=0123456789abcdef", "--set", "registry_password=hunter2", "--set", "tls_key_file=/etc/index/tls.key");
        result.Stdout.Should().Contain("/etc/index/htpasswd").And.Contain("/etc/index/tls.key").And.NotContain("0123456789abcdef").And.NotContain("hunter2");
    }

    private static async Task EventuallyAsync(Func<Task<HttpStatusCode>> ask, HttpStatusCode wanted)
    {
        HttpStatusCode? got = null;
        await Eventually.BeAsync(async () => (got = await ask()) == wanted, () => $"it never was {wanted} but {got}");
    }

    private static async Task<HttpStatusCode> SearchAsync(ProtectedServer server, string user, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/search?q=web");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        using var answer = await server.Server.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> PostAsync(ProtectedServer server, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = new StringContent("""{"events":[]}""") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var answer = await server.Server.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
