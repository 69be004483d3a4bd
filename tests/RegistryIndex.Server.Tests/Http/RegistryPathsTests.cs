using System.Net;
using System.Text.Json.Nodes;

namespace RegistryIndex.Server.Tests.Http;

public sealed class RegistryPathsTests : IAsyncLifetime
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/v1/_ping", "true")]
    [InlineData("/_ping", "true")]
    [InlineData("/v2/", "{}")]
    public async Task Pings_are_answered(string path, string body) =>
        (await _server.Client.GetStringAsync(path, _cancellation)).Should().Be(body);

    [Fact]
    public async Task The_catalog_is_followed_by_its_links_to_the_end()
    {
        var names = Enumerable.Range(0, 250).Select(i => $"team/app-{i:d3}").ToList();
        await _server.Index.ImportAsync(names.Select(name => new Repository(name)).ToAsyncEnumerable(), cancellationToken: _cancellation);
        foreach (var path in (string[])["/v2/_catalog", "/v2/_catalog?n=1000", "/v2/_catalog?n=7", "/v2/_catalog?n=50"])
        {
            var (found, next) = (new List<string>(), path);
            while (next is not null)
            {
                using var response = await _server.Client.GetAsync(next, _cancellation);
                found.AddRange(JsonNode.Parse(await response.Content.ReadAsStringAsync(_cancellation))!["repositories"]!.AsArray().Select(name => name!.GetValue<string>()));
                next = response.Headers.TryGetValues("Link", out var links) ? links.Single().Split('>')[0][1..] : null;
            }

            found.Should().Equal(names, "of {0}", path);
        }
    }

    [Theory]
    [InlineData("/v2/_catalog?n=many", HttpStatusCode.BadRequest, "PAGINATION_NUMBER_INVALID")]
    [InlineData("/v2/_catalog?n=0", HttpStatusCode.BadRequest, "PAGINATION_NUMBER_INVALID")]
    [InlineData("/v2/library/ubuntu/manifests/latest", HttpStatusCode.NotFound, "NAME_UNKNOWN")]
    public async Task Errors_have_the_form_of_the_registry_API(string path, HttpStatusCode status, string code)
    {
        using var response = await _server.Client.GetAsync(path, _cancellation);
        response.StatusCode.Should().Be(status);
        JsonNode.Parse(await response.Content.ReadAsStringAsync(_cancellation))!["errors"]![0]!["code"]!.GetValue<string>().Should().Be(code);
    }

    [Fact]
    public async Task The_server_is_healthy_and_ready()
    {
        (await _server.Client.GetStringAsync("/healthz", _cancellation)).Should().Contain("\"ok\"");
        (await _server.Client.GetStringAsync("/readyz", _cancellation)).Should().Contain("\"ready\"").And.Contain("\"efcore\"");
    }

    [Fact]
    public async Task A_method_that_is_not_allowed_is_an_error_in_json()
    {
        using var response = await _server.Client.PostAsync("/v1/search", new StringContent("x"), _cancellation);
        response.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        (await response.Content.ReadAsStringAsync(_cancellation)).Should().StartWith("{\"error\":");
    }

    [Fact]
    public async Task Without_an_index_searches_are_empty()
    {
        await using var server = await RunningServer.StartAsync(("search_backend", ""));
        var answer = JsonNode.Parse(await server.Client.GetStringAsync("/v1/search?q=ubuntu", _cancellation))!;
        answer["num_results"]!.GetValue<int>().Should().Be(0);
        answer["results"]!.AsArray().Should().BeEmpty();
    }
}
