using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using RegistryIndex.Server.Tests.Access;
using RegistryIndex.Server.Tests.Http;

namespace RegistryIndex.Server.Tests.Web;

/// <summary>What goes over the wire with a page: headers, bytes, and to whom.</summary>
public sealed class WebAnswersTests
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    [Theory]
    [InlineData("/ui/")]
    [InlineData("/ui")]
    [InlineData("/ui/r/web")]
    [InlineData("/ui/r/never/there")]
    [InlineData("/ui/n/team/")]
    [InlineData("/ui/?continuation=forged")]
    public async Task A_page_allows_only_the_servers_own_files_and_sets_no_cookie(string path)
    {
        await using var server = await RunningServer.StartAsync();
        await server.Index.UpsertAsync(new("web"));
        using var answer = await server.Client.GetAsync(path);
        answer.Headers.GetValues("Content-Security-Policy").Should().Equal(Policy);
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        answer.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
        answer.Headers.CacheControl!.ToString().Should().Be("no-cache, private");
        answer.Headers.Contains("Set-Cookie").Should().BeFalse();
        var page = await answer.Content.ReadAsStringAsync();
        page.Should().NotContain("<style").And.NotContain(" style=").And.NotMatchRegex("<script(?![^>]* src=)").And.NotMatchRegex("<[^>]* on[a-z]+=");
        using var head = await server.Client.SendAsync(new(HttpMethod.Head, path));
        (head.StatusCode, (await head.Content.ReadAsByteArrayAsync()).Length).Should().Be((answer.StatusCode, 0));
    }

    [Fact]
    public async Task The_answers_to_programs_have_no_headers_of_pages()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var path in (string[])["/v1/search?q=", "/v2/_catalog", "/api/v1/repositories", "/api/v1/openapi.json"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { AcceptEncoding = { new("gzip") } } };
            using var answer = await server.Client.SendAsync(request);
            answer.Headers.GetValues("Content-Security-Policy").Should().Equal("default-src 'none'; frame-ancestors 'none'");
            answer.Headers.CacheControl!.ToString().Should().Be("no-store");
            answer.Content.Headers.ContentEncoding.Should().BeEmpty();
        }
    }

    [Fact]
    public async Task Files_of_pages_are_cached_by_browsers()
    {
        await using var server = await RunningServer.StartAsync();
        var files = Html.Addresses(await server.Client.GetStringAsync("/ui/")).Where(address => address.Contains("/assets/", StringComparison.Ordinal)).Distinct().ToList();
        files.Should().HaveCount(3);
        foreach (var file in files)
        {
            using var answer = await server.Client.GetAsync(file);
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            answer.Headers.ETag!.IsWeak.Should().BeTrue("compressed, its bytes are others");
            answer.Headers.CacheControl!.ToString().Should().Be("public, max-age=31536000, immutable");
            answer.Content.Headers.ContentType!.ToString().Should().Be(Path.GetExtension(file) switch { ".css" => "text/css; charset=utf-8", ".js" => "text/javascript; charset=utf-8", _ => "image/svg+xml" });
            using var again = new HttpRequestMessage(HttpMethod.Get, file) { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
            using var unchanged = await server.Client.SendAsync(again);
            unchanged.StatusCode.Should().Be(HttpStatusCode.NotModified);
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task The_first_page_with_its_files_is_at_most_30_KB_compressed(string encoding)
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < SearchRequest.DefaultLimit; i++)
        {
            await server.Index.UpsertAsync(new($"team-{i}/application/service-{i * 7919 % 1000}", $"The {i}th of the services of the application, with a description that is as long as most of them are, and no two the same: {i * 104729}", new()
            {
                Kind = ArtifactKind.Image,
                Tag = $"1.{i}.0",
                Size = 10_000_000 * (i + 1),
                Platforms = ["linux/amd64", "linux/arm64"],
                PushedAt = DateTimeOffset.UnixEpoch.AddYears(50).AddHours(i),
                IsSigned = i % 2 == 0,
            }));
        }

        var page = await server.Client.GetStringAsync("/ui/");
        var files = Html.Addresses(page).Where(address => address.Contains("/assets/", StringComparison.Ordinal)).Distinct();
        var bytes = 0;
        foreach (var path in files.Prepend("/ui/"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { AcceptEncoding = { new(encoding) } } };
            using var answer = await server.Client.SendAsync(request);
            answer.Content.Headers.ContentEncoding.Should().Equal(encoding);
            answer.Headers.Vary.Should().Contain("Accept-Encoding");
            var body = await answer.Content.ReadAsByteArrayAsync();
            (await UnpackedAsync(body, encoding)).Should().NotBeEmpty();
            bytes += body.Length + answer.Headers.ToString().Length + answer.Content.Headers.ToString().Length;
        }

        bytes.Should().BeLessThan(30_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes with {encoding}");
    }

    [Fact]
    public async Task Pages_and_their_files_need_a_login_if_searches_do()
    {
        await using var server = await ProtectedServer.StartAsync();
        foreach (var path in (string[])["/ui/", "/ui/r/team/api", "/ui/opensearch.xml", "/ui/assets/style.0.css", "/ui/nothing"])
        {
            using var anonymous = await server.Server.Client.GetAsync(path);
            anonymous.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
            anonymous.Headers.WwwAuthenticate.Should().ContainSingle().Which.Scheme.Should().Be("Basic", "the browser requests it");
            anonymous.Headers.GetValues("Content-Security-Policy").Should().Equal(Policy);
            var refusal = await anonymous.Content.ReadAsStringAsync();
            refusal.Should().Contain("<h1>Log in</h1>").And.NotContain("/assets/", "what a stranger's browser loads is refused, too").And.NotContain("team/");
        }

        server.Server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ProtectedServer.User}:{ProtectedServer.Password}")));
        var page = await server.Server.Client.GetStringAsync("/ui/?q=web");
        Html.Names(page).Should().Equal("team/app/web");
        foreach (var address in Html.Addresses(page).Where(address => address.StartsWith('/')))
            (await server.Server.Client.GetAsync(address)).StatusCode.Should().Be(HttpStatusCode.OK, address);
    }

    [Theory]
    [InlineData("text/html,*/*;q=0.8", "text/html")]
    [InlineData("*/*", "application/json")]
    public async Task Without_a_login_the_root_is_a_page_for_browsers_and_JSON_for_other_clients(string accept, string type)
    {
        await using var server = await ProtectedServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await server.Server.Client.SendAsync(request);
        (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType).Should().Be((HttpStatusCode.Unauthorized, type));
    }

    [Fact]
    public async Task The_rate_limit_is_reported_as_a_page()
    {
        await using var server = await RunningServer.StartAsync(("rate_limit", "1"));
        server.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.Client.GetAsync("/ui/opensearch.xml")));
        var answer = answers.First(one => one.StatusCode == HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter.Should().NotBeNull();
        answer.Headers.GetValues("Content-Security-Policy").Should().Equal(Policy);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("<h1>Too many requests</h1>").And.Contain("Retry-After says when to try again");
    }

    [Fact]
    public async Task Before_the_index_is_initialized_a_page_says_to_try_again()
    {
        await using var server = await RunningServer.StartUnreadyAsync(
            ("search_backend", "dynamodb"), ("extensions:dynamodb_index:endpoint", "http://127.0.0.1:1"),
            ("extensions:dynamodb_index:access_key", "test"), ("extensions:dynamodb_index:secret_access_key", "test"), ("Logging:LogLevel:Default", "None"));
        using var answer = await server.Client.GetAsync("/ui/");
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(1));
        answer.Headers.GetValues("Content-Security-Policy").Should().Equal(Policy);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("not ready yet").And.Contain("<h1>Not available at the moment</h1>");
    }

    private static async Task<byte[]> UnpackedAsync(byte[] body, string encoding)
    {
        using var packed = new MemoryStream(body);
        await using Stream unpacking = encoding == "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        await unpacking.CopyToAsync(unpacked);
        return unpacked.ToArray();
    }
}
