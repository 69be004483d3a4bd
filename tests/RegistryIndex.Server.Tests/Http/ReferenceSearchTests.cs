using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Server.Http;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>When <c>/v1/search</c> takes references apart, and how its pages continue.</summary>
public sealed class ReferenceSearchTests : IAsyncLifetime
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync(("registry_public_url", "https://registry.example.com"));
        Repository[] repositories =
        [
            .. Enumerable.Range(0, 60).Select(i => new Repository($"team/app-{i:d2}")),
            new("nginx", "A proxy"), new("web", "Goes with nginx:1.27"), new("library/redis"), new("redis"), new("team/docker", "How to pull"),
        ];
        await _server.Index.ImportAsync(repositories.ToAsyncEnumerable(), cancellationToken: _cancellation);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("nginx:1.25", "nginx", "web")]
    [InlineData("https://registry.example.com/nginx", "nginx", "web")]
    [InlineData("docker pull registry.example.com/team/app-07:2", "team/app-07")]
    [InlineData("docker.io/library/redis:7", "redis", "library/redis")]
    [InlineData("nginx:1.25 proxy", "nginx")]
    public async Task A_reference_has_the_results_of_its_name(string typed, params string[] names) => Names(await SearchAsync(typed)).Should().BeEquivalentTo(names);

    [Theory]
    [InlineData("nginx:1.27", "web")]
    [InlineData("library/redis", "library/redis")]
    [InlineData("docker pull", "team/docker")]
    [InlineData("ghcr.io/team/app-07")]
    [InlineData("nothing-like-it:1")]
    public async Task If_the_typed_words_have_results_only_these_are_returned(string typed, params string[] names) => Names(await SearchAsync(typed)).Should().Equal(names);

    [Fact]
    public async Task The_answer_contains_the_query_that_was_searched() => (await SearchAsync("Nginx:1.25"))["query"]!.GetValue<string>().Should().Be("nginx");

    [Fact]
    public async Task Further_pages_of_a_reference_use_its_name()
    {
        const string CommandText = "registry.example.com/team/app:2";
        var expected = Enumerable.Range(0, 60).Select(i => $"team/app-{i:d2}").ToList();
        var (byLink, byContinuation, byNumber) = (new List<string>(), new List<string>(), new List<string>());
        for (var path = $"/v1/search?n=25&q={CommandText}"; path is not null;)
        {
            using var response = await _server.Client.GetAsync(path, _cancellation);
            byLink.AddRange(Names(JsonNode.Parse(await response.Content.ReadAsStringAsync(_cancellation))!));
            path = response.Headers.TryGetValues("Link", out var links) ? links.Single()[1..].Split('>')[0] : null;
        }

        string? continuation = null;
        do
        {
            var answer = await SearchAsync(CommandText, continuation is null ? "" : $"&continuation={continuation}");
            byContinuation.AddRange(Names(answer));
            continuation = answer["continuation"]?.GetValue<string>();

            // From now on the typed words have results. The next pages are still those of the name.
            await _server.Index.UpsertAsync(new("later", CommandText), _cancellation);
        }
        while (continuation is not null);
        await _server.Index.DeleteAsync("later", _cancellation);
        for (var page = 1; page <= 3; page++)
            byNumber.AddRange(Names(await SearchAsync(CommandText, $"&page={page}")));
        byLink.Should().Equal(expected);
        byContinuation.Should().Equal([.. expected, "later"]);
        byNumber.Should().Equal(expected);
    }

    [Theory]
    [InlineData("nginx:1.25")]
    [InlineData("docker pull registry.example.com/team/app-07:2")]
    [InlineData("nginx:1.27")]
    [InlineData("docker pull")]
    [InlineData("nothing-like-it:1")]
    public async Task The_list_of_repositories_has_the_same_results(string typed) =>
        (await RepositoriesAsync($"/api/v1/repositories?q={Uri.EscapeDataString(typed)}")).Names.Should().Equal(Names(await SearchAsync(typed)));

    [Fact]
    public async Task Further_pages_of_the_list_of_repositories_use_the_name_of_a_reference()
    {
        const string typed = "/api/v1/repositories?limit=25&q=registry.example.com/team/app:2";
        var expected = Enumerable.Range(0, 60).Select(i => $"team/app-{i:d2}");
        var (byLink, byContinuation) = (new List<string>(), new List<string>());
        for (string? link = typed; link is not null;)
        {
            var page = await RepositoriesAsync(link);
            byLink.AddRange(page.Names);
            link = page.Link;
        }

        string? continuation = null;
        do
        {
            var page = await RepositoriesAsync(continuation is null ? typed : $"{typed}&continuation={continuation}");
            byContinuation.AddRange(page.Names);
            continuation = page.Continuation;
        }
        while (continuation is not null);

        byLink.Should().Equal(expected);
        byContinuation.Should().Equal(expected);
    }

    [Theory]
    [InlineData("℀/x")]
    [InlineData("docker pull http://℀/x:1")]
    [InlineData("一二三四五六七八九十百千万上下左右大小中天地人山水火木金土/x")]
    public async Task A_reference_to_a_host_that_DNS_cannot_have_is_searched_as_words(string typed)
    {
        foreach (var path in (string[])["/v1/search", "/api/v1/repositories", "/ui/"])
            (await _server.Client.GetAsync($"{path}?q={Uri.EscapeDataString(typed)}", _cancellation)).StatusCode.Should().Be(System.Net.HttpStatusCode.OK, path);
    }

    [Fact]
    public async Task A_page_beyond_the_last_one_of_the_typed_words_is_empty() => Names(await SearchAsync("nginx:1.27", "&page=2")).Should().BeEmpty();

    [Fact]
    public async Task A_continuation_of_another_search_is_refused()
    {
        var continuation = (await SearchAsync("team"))["continuation"]!.GetValue<string>();
        using var response = await _server.Client.GetAsync($"/v1/search?q=registry.example.com/nginx:1&continuation={continuation}", _cancellation);
        response.StatusCode.Should().Be(System.Net.HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("nginx", 1)]
    [InlineData("nginx:1.27", 1)]
    [InlineData("nothing-like-it", 1)]
    [InlineData("nothing-like-it:1", 2)]
    [InlineData("nginx:1.25", 2)]
    [InlineData("ghcr.io/team/app", 1)]
    public async Task Only_a_reference_needs_a_second_search(string typed, int searches)
    {
        var index = new CountedSearches(_server.Index);
        await SearchEndpoint.SearchAsync(new DefaultHttpContext(), index, _server.Services.GetRequiredService<SearchedReferences>(), typed, null, null, null);
        index.Count.Should().Be(searches);
    }

    private async Task<(IEnumerable<string> Names, string? Link, string? Continuation)> RepositoriesAsync(string path)
    {
        using var response = await _server.Client.GetAsync(path, _cancellation);
        var answer = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(_cancellation))!;
        return (answer["repositories"]!.AsArray().Select(row => row!["name"]!.GetValue<string>()), response.Headers.TryGetValues("Link", out var links) ? links.Single()[1..].Split('>')[0] : null, answer["continuation"]?.GetValue<string>());
    }

    private static IEnumerable<string> Names(JsonNode answer) => answer["results"]!.AsArray().Select(row => row!["name"]!.GetValue<string>());

    private async Task<JsonNode> SearchAsync(string typed, string more = "") =>
        JsonNode.Parse(await _server.Client.GetStringAsync($"/v1/search?n=25&q={Uri.EscapeDataString(typed)}{more}", _cancellation))!;
}
