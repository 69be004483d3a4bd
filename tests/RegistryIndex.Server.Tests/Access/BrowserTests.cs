using System.Net;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>What web pages may read, depending on their origin.</summary>
public sealed class BrowserTests
{
    private const string Ui = "https://ui.example.com";

    [Theory]
    [InlineData("/v1/search?q=", "GET")]
    [InlineData("/v1/search?q=", "HEAD")]
    [InlineData("/v2/_catalog", "GET")]
    [InlineData("/v1/search?n=x", "GET")]
    public async Task Pages_of_named_origins_read_searches_and_their_errors(string path, string method)
    {
        await using var server = await RunningServer.StartAsync(("cors_origins", $"{Ui};http://localhost:8080"));
        using var answer = await SendAsync(server, method, path, Ui);
        answer.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal(Ui);
        answer.Headers.GetValues("Access-Control-Expose-Headers").Single().Should().Contain("Link");
        answer.Headers.Vary.Should().Contain("Origin");
        answer.Headers.Contains("Access-Control-Allow-Credentials").Should().BeFalse();
    }

    [Fact]
    public async Task A_preflight_request_is_answered_without_a_login()
    {
        await using var server = await ProtectedServer.StartAsync(("cors_origins", Ui));
        using var preflight = await SendAsync(server.Server, "OPTIONS", "/v1/search?q=web", Ui, ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization"));
        preflight.StatusCode.Should().Be(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal(Ui);
        preflight.Headers.GetValues("Access-Control-Allow-Headers").Single().Should().ContainEquivalentOf("Authorization");
        using var anonymous = await SendAsync(server.Server, "GET", "/v1/search?q=web", Ui);
        anonymous.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        anonymous.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal([Ui], "the page must see that a login is required");
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("http://ui.example.com")]
    [InlineData("https://ui.example.com.evil.example.com")]
    [InlineData("null")]
    public async Task Pages_of_other_origins_cannot_read_answers_and_the_log_names_the_origin(string origin)
    {
        await using var server = await RunningServer.StartAsync(("cors_origins", Ui));
        var log = CollectedLog.Of(server.Services);
        foreach (var method in (string[])["GET", "OPTIONS"])
        {
            using var answer = await SendAsync(server, method, "/v1/search?q=", origin, ("Access-Control-Request-Method", "GET"));
            answer.Headers.Should().NotContain(header => header.Key.StartsWith("Access-Control-", StringComparison.Ordinal));
        }

        log.Lines.Should().ContainSingle(line => line.Contains("the origin of the requesting page is not in cors_origins", StringComparison.Ordinal)).Which.Should().EndWith(origin);
    }

    [Theory]
    [InlineData("/readyz", "GET")]
    [InlineData("/healthz", "GET")]
    [InlineData("/events", "POST")]
    [InlineData("/v1/search?q=", "POST")]
    public async Task Pages_of_named_origins_can_only_search(string path, string method)
    {
        await using var server = await RunningServer.StartAsync(("cors_origins", "*"));
        using var preflight = await SendAsync(server, "OPTIONS", path, Ui, ("Access-Control-Request-Method", method));
        (preflight.Headers.Contains("Access-Control-Allow-Origin") && preflight.Headers.GetValues("Access-Control-Allow-Methods").Contains(method, StringComparer.Ordinal)).Should().BeFalse();
    }

    [Theory]
    [InlineData("https://bücher.example.com", "https://xn--bcher-kva.example.com", true)]
    [InlineData("https://UI.Example.com:8443", "https://ui.example.com:8443", true)]
    [InlineData("https://ui.example.com:8443", "https://ui.example.com", false)]
    [InlineData("https://ui.example.com", "HTTPS://UI.EXAMPLE.COM", false)]
    [InlineData("https://ui.example.com", "https://ui.example.com:443", false)]
    [InlineData("https://ui.example.com", "https://ui.example.com, https://evil.example.com", false)]
    public async Task An_origin_is_compared_as_browsers_write_it_and_only_refusals_are_logged(string named, string origin, bool isAllowed)
    {
        await using var server = await RunningServer.StartAsync(("cors_origins", named));
        var log = CollectedLog.Of(server.Services);
        using var answer = await SendAsync(server, "GET", "/v1/search?q=", origin);
        answer.Headers.Contains("Access-Control-Allow-Origin").Should().Be(isAllowed);
        log.Lines.Any(line => line.Contains("the origin of the requesting page is not in cors_origins", StringComparison.Ordinal)).Should().Be(!isAllowed);
    }

    [Fact]
    public async Task Without_the_setting_no_other_origin_can_read_answers()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await SendAsync(server, "GET", "/v1/search?q=", Ui);
        answer.Headers.Should().NotContain(header => header.Key.StartsWith("Access-Control-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ui.example.com", "not an origin")]
    [InlineData("https://ui.example.com/", "not an origin")]
    [InlineData("https://ui.example.com/page", "not an origin")]
    [InlineData("https://me@ui.example.com", "not an origin")]
    [InlineData("ftp://ui.example.com", "not an origin")]
    [InlineData("null", "not an origin")]
    public async Task A_value_that_is_not_an_origin_is_a_mistake(string origins, string sentence) =>
        (await FluentActions.Awaiting(() => RunningServer.StartAsync(("cors_origins", origins))).Should().ThrowAsync<Exception>()).WithMessage($"*{sentence}*");

    [Fact]
    public async Task A_wildcard_origin_and_a_login_are_a_mistake() =>
        (await FluentActions.Awaiting(() => ProtectedServer.StartAsync(("cors_origins", "*"))).Should().ThrowAsync<Exception>()).WithMessage("*list the origins*");

    private static Task<HttpResponseMessage> SendAsync(RunningServer server, string method, string path, string? origin, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new(method), path);
        foreach (var (name, value) in origin is null ? headers : [("Origin", origin), .. headers])
            request.Headers.TryAddWithoutValidation(name, value);
        return server.Client.SendAsync(request);
    }
}
