using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.Tests.Facts;
using RegistryIndex.Synchronization;
using RegistryIndex.Synchronization.Syncing;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>Compares <c>/api/v1</c> with docs/http-api.md and docs/openapi.json.</summary>
public sealed class ApiTests : IAsyncLifetime
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private DockerRegistry _registry = null!;
    private RegistryProxy _proxy = null!;
    private PushedKinds _pushed = null!;
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await DockerRegistry.StartAsync();
        _proxy = await RegistryProxy.StartAsync();
        _proxy.Target = _registry.Address;
        _pushed = new(_registry.Address);
        await _pushed.PushAsync();
        _server = await RunningServer.StartAsync(("registry", _proxy.Url), ("sync_interval", "0"));
        await _server.Services.GetRequiredService<Synchronizer>().RunAsync(new SyncMode(), _cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _pushed.Dispose();
        await _proxy.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task The_API_reports_its_version_and_features()
    {
        var answer = await GetAsync("/api/v1");
        answer["version"]!.GetValue<string>().Should().MatchRegex(@"^\d+\.\d+");
        answer["provider"]!.GetValue<string>().Should().Be("efcore");
        answer["capabilities"]!.AsArray().Select(one => one!.GetValue<string>()).Should().Contain("tags");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?sort=name")]
    [InlineData("?limit=100")]
    public async Task All_repositories_are_followed_by_links_to_the_end(string query) =>
        (await FollowAsync($"/api/v1/repositories{(query.Length > 0 ? query : "?limit=2")}", "repositories")).Should().Equal(PushedKinds.Names);

    [Fact]
    public async Task A_search_finds_what_docker_s_search_finds()
    {
        var found = (await GetAsync("/api/v1/repositories?q=signed"))["repositories"]!.AsArray().Select(row => (row!["name"]!.GetValue<string>(), row["description"]?.GetValue<string>()));
        var searched = (await GetAsync("/v1/search?q=signed"))["results"]!.AsArray().Select(row => (row!["name"]!.GetValue<string>(), row["description"]?.GetValue<string>()));
        found.Should().NotBeEmpty().And.Equal(searched);
    }

    [Fact]
    public async Task A_repository_is_read_by_its_name_with_unescaped_slashes()
    {
        var answer = await GetAsync("/api/v1/repositories/signed/by-index");
        answer["name"]!.GetValue<string>().Should().Be("signed/by-index");
        var stored = (await _server.Index.GetAsync("signed/by-index", _cancellation))!;
        answer["description"]?.GetValue<string>().Should().Be(stored.Description);
        (answer["facts"] is { } facts ? RepositoryFacts.FromJson(facts.ToJsonString()) : null).Should().Be(stored.Facts);
    }

    [Fact]
    public async Task Concurrent_requests_for_tags_share_one_request_to_the_registry()
    {
        _proxy.Forget();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _server.Client.GetStringAsync("/api/v1/tags/two-platforms?limit=10", _cancellation)));
        answers.Distinct().Should().ContainSingle();
        _proxy.Lookups.Should().Equal(new Dictionary<string, int> { ["two-platforms"] = 1 });
        (await FollowAsync("/api/v1/tags/two-platforms?limit=1", "tags")).Should().Equal("2.1", "2.0", "child-arm64", "child-amd64");
        _proxy.Lookups["two-platforms"].Should().Be(1, "the answer is cached for some seconds");
    }

    [Fact]
    public async Task The_registry_is_asked_only_for_indexed_repositories_and_its_failure_is_reported()
    {
        _proxy.Forget();
        await FailsAsync("/api/v1/tags/never/there", HttpStatusCode.NotFound, "NAME_UNKNOWN");
        _proxy.Lookups.Should().BeEmpty();
        _proxy.Target = null;
        await FailsAsync("/api/v1/tags/plain", HttpStatusCode.ServiceUnavailable, "UNAVAILABLE");
    }

    [Fact]
    public async Task The_number_of_concurrent_and_waiting_requests_for_tags_is_limited()
    {
        const int more = 12;
        var names = Enumerable.Range(0, TagLists.AtATime + TagLists.MostWaiting + more).Select(i => $"many/app-{i:d3}").ToList();
        await _server.Index.ImportAsync(names.Select(name => new Repository(name)).ToAsyncEnumerable(), cancellationToken: _cancellation);
        var released = new TaskCompletionSource();
        _proxy.Forget();
        _proxy.Fault = async context =>
        {
            await released.Task;
            await context.Response.WriteAsync("""{"name":"any","tags":["1.0"]}""", _cancellation);
            return true;
        };
        var asked = names.Select(name => _server.Client.GetAsync($"/api/v1/tags/{name}", _cancellation)).ToList();
        await Eventually.BeAsync(() => asked.Count(answer => answer.IsCompleted) == more && _proxy.Requests.Count == TagLists.AtATime);
        foreach (var refused in asked.Where(answer => answer.IsCompleted))
        {
            (await refused).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await refused).Headers.RetryAfter!.Delta.Should().BePositive();
        }

        (await GetAsync("/api/v1/repositories?q=two-platforms"))["repositories"]!.AsArray().Should().ContainSingle("searches do not wait for the registry");
        _proxy.Requests.Should().HaveCount(TagLists.AtATime);
        released.SetResult();
        (await Task.WhenAll(asked)).Count(answer => answer.IsSuccessStatusCode).Should().Be(TagLists.AtATime + TagLists.MostWaiting);
    }

    [Theory]
    [InlineData("/api/v1/repositories/never/there", HttpStatusCode.NotFound, "NAME_UNKNOWN")]
    [InlineData("/api/v1/repositories?limit=0", HttpStatusCode.BadRequest, "PAGINATION_NUMBER_INVALID")]
    [InlineData("/api/v1/repositories?limit=many", HttpStatusCode.BadRequest, "PAGINATION_NUMBER_INVALID")]
    [InlineData("/api/v1/repositories?sort=stars", HttpStatusCode.BadRequest, "UNSUPPORTED")]
    [InlineData("/api/v1/repositories?sort=name&q=web", HttpStatusCode.BadRequest, "UNSUPPORTED")]
    [InlineData("/api/v1/repositories?sort=pushed&q=web", HttpStatusCode.BadRequest, "UNSUPPORTED")]
    [InlineData("/api/v1/repositories?continuation=forged", HttpStatusCode.BadRequest, "UNSUPPORTED")]
    [InlineData("/api/v1/repositories?q=a&q=b", HttpStatusCode.BadRequest, "UNSUPPORTED")]
    [InlineData("/api/v1/tags/plain?continuation=forged", HttpStatusCode.BadRequest, "UNSUPPORTED")]
    [InlineData("/api/v2", HttpStatusCode.NotFound, "NAME_UNKNOWN")]
    public Task Errors_have_the_form_of_the_registry_API(string path, HttpStatusCode status, string code) => FailsAsync(path, status, code);

    [Fact]
    public async Task The_OpenAPI_document_describes_the_endpoints()
    {
        var made = await _server.Client.GetStringAsync("/api/v1/openapi.json", _cancellation);
        var file = Checkout.PathOf("docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("REGISTRYINDEX_UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(file, made + "\n", _cancellation);
        made.Should().Be((await File.ReadAllTextAsync(file, _cancellation)).TrimEnd('\n'));
        JsonNode.Parse(made)!["openapi"]!.GetValue<string>().Should().StartWith("3.1");
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _server.Client.GetStringAsync(path, _cancellation))!;

    private async Task FailsAsync(string path, HttpStatusCode status, string code)
    {
        using var response = await _server.Client.GetAsync(path, _cancellation);
        response.StatusCode.Should().Be(status);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(_cancellation))!["errors"]![0]!;
        error["code"]!.GetValue<string>().Should().Be(code);
        error["message"]!.GetValue<string>().Should().EndWith(".");
    }

    private async Task<List<string>> FollowAsync(string path, string list)
    {
        var (names, next) = (new List<string>(), path);
        while (next is not null)
        {
            using var response = await _server.Client.GetAsync(next, _cancellation);
            var page = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(_cancellation))!;
            names.AddRange(page[list]!.AsArray().Select(row => row!["name"]!.GetValue<string>()));
            next = response.Headers.TryGetValues("Link", out var links) ? links.Single().Split('>')[0][1..] : null;
            (page["continuation"] is null).Should().Be(next is null);
        }

        return names;
    }
}
