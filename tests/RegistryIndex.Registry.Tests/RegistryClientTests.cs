using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using RegistryIndex.Sources;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Registry.Tests;

/// <summary>The client of the API with a real registry, and with a failing one.</summary>
public sealed class RegistryClientTests : IAsyncLifetime
{
    private DockerRegistry _registry = null!;
    private RegistryProxy _proxy = null!;
    private RegistryClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await DockerRegistry.StartAsync();
        _proxy = await RegistryProxy.StartAsync();
        _proxy.Target = _registry.Address;
        _client = TestClient.Of(_proxy.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task Every_repository_with_a_tag_is_read_with_its_description()
    {
        await PushAsync("team", "All of them");
        await PushAsync("team/x", null);
        await PushAsync("team-b", "Another");
        using var pusher = new RegistryPusher(_registry.Address);
        await pusher.PrepareAsync("gone");
        await pusher.DeleteAsync("gone", await pusher.PushAsync("gone"));
        var layout = Directory.CreateTempSubdirectory("registry-index-").FullName;
        OciImage.Write(layout, label: "By the label of the first", platforms: ["linux/amd64", "linux/arm64"]);
        await Skopeo.CopyAsync(layout, $"{_registry.Address}/many:1");
        Directory.Delete(layout, recursive: true);

        var read = await _client.ReadAllAsync();
        read.Select(repository => repository.Repository.WithoutFacts()).Should().BeEquivalentTo<Repository>(
            [new("many", "By the label of the first"), new("team", "All of them"), new("team/x"), new("team-b", "Another")]);
        read.Should().OnlyContain(repository => repository.Problem == null && repository.IsCertain);
        (await _client.ReadAllAsync("many")).Should().HaveCount(3);
        (await _client.FindAsync("team"))!.Repository.WithoutFacts().Should().Be(new Repository("team", "All of them"));
        (await _client.FindAsync("gone")).Should().BeNull();
        (await _client.FindAsync("never/there")).Should().BeNull();
        await FluentActions.Awaiting(() => _client.FindAsync("../etc")).Should().ThrowAsync<ArgumentException>();
    }

    [Theory]
    [InlineData("")]
    [InlineData("catalog:\n  maxentries: 5")]
    public async Task The_catalog_is_read_to_its_end_with_pages_of_any_size(string configuration)
    {
        await using var registry = await DockerRegistry.StartAsync(configuration);
        using var pusher = new RegistryPusher(registry.Address);
        var names = Enumerable.Range(0, 105).Select(i => $"app-{i:d3}").ToList();
        foreach (var name in names.Take(configuration.Length == 0 ? 105 : 12))
        {
            await pusher.PrepareAsync(name);
            await pusher.PushAsync(name);
        }

        using var client = TestClient.Of($"http://{registry.Address}");
        (await client.ReadAllAsync()).Select(repository => repository.Repository.Name).Should().Equal(names.Take(configuration.Length == 0 ? 105 : 12));
    }

    [Fact]
    public async Task A_password_is_sent_if_the_registry_requests_it()
    {
        using var directory = new TemporaryDirectory();
        var (htpasswd, password) = (Path.Combine(directory.Path, "htpasswd"), Path.Combine(directory.Path, "password"));
        await File.WriteAllTextAsync(htpasswd, $"index:{BCrypt.Net.BCrypt.HashPassword("sesame", 5)}\n");
        await File.WriteAllTextAsync(password, "sesame\n");
        await using var registry = await DockerRegistry.StartAsync($"auth:\n  htpasswd:\n    realm: registry\n    path: {htpasswd}");
        using var right = TestClient.Of($"http://{registry.Address}", options => (options.Username, options.PasswordFile) = ("index", password));
        (await right.ReadAllAsync()).Should().BeEmpty();
        (await right.FindAsync("app")).Should().BeNull();
        await File.WriteAllTextAsync(password, "changed\n");
        await File.WriteAllTextAsync(htpasswd, $"index:{BCrypt.Net.BCrypt.HashPassword("changed", 5)}\n"); // the registry reads it again, too
        await Eventually.BeAsync(async () =>
        {
            try
            {
                return await right.FindAsync("app") is null;
            }
            catch (RegistrySourceException)
            {
                return false;
            }
        });
        (await right.FindAsync("app")).Should().BeNull();
        using var wrong = TestClient.Of($"http://{registry.Address}", options => (options.Username, options.Password) = ("index", "open"));
        (await TestClient.ProblemOf(() => wrong.FindAsync("app"))).Should().Contain("refuses").And.Contain("registry_username").And.NotContain("open");
        using var none = TestClient.Of($"http://{registry.Address}");
        (await TestClient.ProblemOf(() => none.FindAsync("app"))).Should().Contain("refuses");
    }

    [Fact]
    public async Task A_token_is_requested_cached_and_requested_again_after_it_expires()
    {
        await PushAsync("app", "Behind tokens");
        var uses = new ConcurrentDictionary<string, int>();
        _proxy.Fault = async context =>
        {
            if (context.Request.Path == "/token")
            {
                var isRight = context.Request.Headers.Authorization == "Basic aW5kZXg6c2VzYW1l";
                context.Response.StatusCode = isRight ? 200 : 401;
                if (isRight)
                    uses.TryAdd($"Bearer {context.Request.Query["scope"]}#{uses.Count}", 0);
                await context.Response.WriteAsync(isRight ? $$"""{"token":"{{context.Request.Query["scope"]}}#{{uses.Count - 1}}","expires_in":300}""" : "{}");
                return true;
            }

            var scope = context.Request.Path.Value!.Contains("_catalog", StringComparison.Ordinal) ? "registry:catalog:*" : "repository:app:pull";
            var token = context.Request.Headers.Authorization.ToString();
            if (token.StartsWith($"Bearer {scope}#", StringComparison.Ordinal) && uses.ContainsKey(token) && uses.AddOrUpdate(token, 1, (_, count) => count + 1) <= 5) // the token has then expired
            {
                context.Request.Headers.Authorization = "";
                return false;
            }

            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{_proxy.Url}/token\",service=\"registry\",scope=\"{scope}\"";
            return true;
        };
        using var client = TestClient.Of(_proxy.Url, options => (options.Username, options.Password) = ("index", "sesame"));
        for (var i = 0; i < 6; i++)
            (await client.FindAsync("app"))!.Repository.Description.Should().Be("Behind tokens");
        uses.Should().HaveCount(3, "one token serves five of the requests");
        (await client.ReadAllAsync()).Should().HaveCount(1);

        using var wrong = TestClient.Of(_proxy.Url, options => (options.Username, options.Password) = ("index", "open"));
        (await TestClient.ProblemOf(() => wrong.FindAsync("app"))).Should().Contain("returned no token").And.NotContain("open");
    }

    [Fact]
    public async Task A_password_is_never_sent_unencrypted_to_the_token_server_of_a_registry_with_tls()
    {
        using var certificate = TestCertificates.SelfSigned("127.0.0.1");
        await using var proxy = await RegistryProxy.StartAsync(certificate);
        proxy.Answer("", 401, "{}", ("WWW-Authenticate", $"Bearer realm=\"{_proxy.Url}/token\",service=\"registry\""));
        using var file = new TemporaryDirectory();
        using var client = TestClient.Of(proxy.Url, options => (options.Username, options.Password, options.AuthorityFile) = ("index", "sesame", TestCertificates.Write(Path.Combine(file.Path, "ca.pem"), certificate)));
        (await TestClient.ProblemOf(() => client.FindAsync("app"))).Should().Contain("token server");
        _proxy.Paths.Should().BeEmpty();
    }

    [Fact]
    public async Task Only_certificates_of_the_configured_authority_are_trusted()
    {
        using var certificate = TestCertificates.SelfSigned("127.0.0.1");
        await using var proxy = await RegistryProxy.StartAsync(certificate);
        proxy.Target = _registry.Address;
        using var file = new TemporaryDirectory();
        using var trusting = TestClient.Of(proxy.Url, options => options.AuthorityFile = TestCertificates.Write(Path.Combine(file.Path, "ca.pem"), certificate));
        (await trusting.FindAsync("app")).Should().BeNull();
        using var other = TestClient.Of(proxy.Url);
        (await TestClient.ProblemOf(() => other.FindAsync("app"))).Should().Contain("cannot be reached");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    public async Task The_address_may_end_in_the_path_of_the_API(string end)
    {
        await PushAsync("app", "There");
        using var client = TestClient.Of(_proxy.Url + end);
        client.Location.Should().Be(_proxy.Url);
        (await client.FindAsync("app"))!.Repository.WithoutFacts().Should().Be(new Repository("app", "There"));
    }

    [Theory]
    [InlineData(503, "")]
    [InlineData(429, "0")]
    public async Task A_temporary_failure_is_retried(int status, string retryAfter)
    {
        await PushAsync("app", "There");
        var failures = 0;
        _proxy.Fault = context =>
        {
            if (++failures > 2)
                return Task.FromResult(false);
            context.Response.StatusCode = status;
            if (retryAfter.Length > 0)
                context.Response.Headers.RetryAfter = retryAfter;
            return Task.FromResult(true);
        };
        (await _client.FindAsync("app"))!.Repository.Description.Should().Be("There");
    }

    [Fact]
    public async Task A_request_to_retry_after_an_hour_is_an_error_at_once()
    {
        _proxy.Answer("", 429, "", ("Retry-After", "3600"));
        (await TestClient.ProblemOf(() => _client.FindAsync("app"))).Should().Contain("429");
        _proxy.Paths.Should().HaveCount(1);
    }

    [Theory]
    [InlineData(404, "<html>no such page</html>", "404")]
    [InlineData(404, """{"errors":[{"code":"PAGE_NOT_FOUND"}]}""", "404")]
    [InlineData(401, "", "refuses")]
    [InlineData(403, """{"errors":[{"code":"DENIED"}]}""", "refuses")]
    [InlineData(500, "", "500")]
    [InlineData(200, "<html>Please log in</html>", "not the expected JSON")]
    [InlineData(200, "{}", "without the repository's name")]
    [InlineData(200, """{"name":"app","tags":[42]}""", "not the expected JSON")]
    [InlineData(204, "", "204")]
    public async Task An_answer_that_is_not_from_a_registry_never_means_that_a_repository_is_gone(int status, string body, string problem)
    {
        _proxy.Answer("/tags/list", status, body);
        (await TestClient.ProblemOf(() => _client.FindAsync("app"))).Should().Contain(problem);
    }

    [Theory]
    [InlineData("""{"repositories":["app"]}""", "</v2/_catalog?n=1&last=app>; rel=\"next\"", "whose pages form a loop")]
    [InlineData("""{"repositories":["app"]}""", "<https://elsewhere.example.com/v2/_catalog>; rel=\"next\"", "another server")]
    [InlineData("""{"repositories":["app"]}""", "<http://[>; rel=\"next\"", "another server")]
    [InlineData("""{"names":["app"]}""", "", "without repositories")]
    [InlineData("[]", "", "not the expected JSON")]
    [InlineData("""{"repositories":["app",42]}""", "", "not the expected JSON")]
    [InlineData("""{"repositories":["app",null]}""", "", "without repositories")]
    public async Task A_malformed_catalog_is_an_error_and_not_a_short_answer(string body, string link, string problem)
    {
        _proxy.Answer("/_catalog", 200, body, link.Length == 0 ? [] : [("Link", link)]);
        (await TestClient.ProblemOf(() => _client.ReadAllAsync())).Should().Contain(problem);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_list_that_loops_with_different_links_ends_in_an_error(int length)
    {
        var (pages, path) = (0, "/_catalog");
        _proxy.Fault = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith(path, StringComparison.Ordinal))
                return false;
            context.Response.Headers.Link = $"<{context.Request.Path}?cursor={++pages}>; rel=\"next\"";
            var names = pages % 2 == 0 && length > 1 ? "" : $"\"app-{pages % length}\""; // pages may be empty
            await context.Response.WriteAsync($$"""{"name":"app","repositories":[{{names}}],"tags":[{{names}}]}""");
            return true;
        };
        (await TestClient.ProblemOf(() => _client.ReadAllAsync())).Should().Contain("a catalog whose pages form a loop");
        path = "/tags/list";
        (await TestClient.ProblemOf(() => _client.FindAsync("app"))).Should().Contain("a list of tags whose pages form a loop");
        pages.Should().BeLessThan(100);
        pages.Should().BeGreaterThan(length);
    }

    public static TheoryData<string> NoNames => [@"\ud83d", @"a/\udc00\ud800", @"\u0000", "", "UPPER case", "../etc", "a//b", "a?b#c", new string('n', 5000), "\u00ff\u00fe"]; // the last two as bytes that are not UTF-8

    [Theory]
    [MemberData(nameof(NoNames))]
    public async Task An_invalid_name_or_tag_does_not_affect_the_others_of_its_list(string none)
    {
        await PushAsync("app", "There");
        await PushAsync("web", "There, too");
        Answer("/_catalog", $$"""{"repositories":["app","{{none}}","web"]}""");
        var read = await _client.ReadAllAsync();
        read.Should().HaveCount(3);
        (read[0].Repository.WithoutFacts(), read[2].Repository.WithoutFacts()).Should().Be((new("app", "There"), new Repository("web", "There, too")));
        RepositoryName.FindProblem(read[1].Repository.Name).Should().NotBeNull();
        Answer("/tags/list", $$"""{"name":"app","tags":["{{none}}","latest"]}""");
        (await _client.FindAsync("app"))!.Repository.WithoutFacts().Should().Be(new Repository("app", "There"));

        void Answer(string path, string body) => _proxy.Fault = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith(path, StringComparison.Ordinal))
                return false;
            await context.Response.Body.WriteAsync(System.Text.Encoding.Latin1.GetBytes(body));
            return true;
        };
    }

    [Fact]
    public async Task A_truncated_catalog_is_an_error()
    {
        _proxy.Fault = async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("""{"repositories":["app","ap""");
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        };
        (await TestClient.ProblemOf(() => _client.ReadAllAsync())).Should().MatchRegex("closed the connection in the middle of its answer|cannot be reached", "the cancellation may come before the first byte");
    }

    [Fact]
    public async Task One_failed_repository_is_reported_as_uncertain_and_a_failure_of_all_is_an_error()
    {
        for (var i = 0; i < 20; i++)
            await PushAsync($"app-{i:d2}", "There");
        _proxy.Answer("/app-07/tags/list", 403, "");
        var read = await _client.ReadAllAsync();
        read.Should().HaveCount(20);
        read.Should().ContainSingle(repository => !repository.IsCertain).Which.Repository.Name.Should().Be("app-07");
        _proxy.Answer("/tags/list", 403, "");
        (await TestClient.ProblemOf(() => _client.ReadAllAsync())).Should().Contain("refuses");
    }

    [Fact]
    public async Task An_unreadable_image_affects_only_its_description()
    {
        await PushAsync("app", "There");
        _proxy.Answer("/manifests/latest", 404, """{"errors":[{"code":"MANIFEST_UNKNOWN"}]}""");
        var found = await _client.FindAsync("app");
        found!.Repository.WithoutFacts().Should().Be(new Repository("app"));
        found.Problem.Should().Be("The description of tag 'latest' cannot be read: the registry does not have its manifest.");
        _proxy.Answer("/manifests/latest", 200, "not JSON");
        (await _client.FindAsync("app"))!.Problem.Should().Contain("is not valid JSON");
        _proxy.Answer("/manifests/latest", 200, new string(' ', 5 << 20));
        (await _client.FindAsync("app"))!.Problem.Should().Contain("larger than 4 MiB");
    }

    private async Task PushAsync(string name, string? description)
    {
        using var pusher = new RegistryPusher(_registry.Address);
        await pusher.PrepareAsync(name);
        await pusher.PushAsync(name, description);
    }
}
