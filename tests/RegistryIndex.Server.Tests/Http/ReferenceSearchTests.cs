using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Server.Http;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>References in <c>/v1/search</c>: when they are taken apart, and how their pages go on.</summary>
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
    public async Task A_reference_finds_what_its_name_finds(string typed, params string[] names) => Names(await SearchAsync(typed)).Should().BeEquivalentTo(names);

    [Theory]
    [InlineData("nginx:1.27", "web")]
    [InlineData("library/redis", "library/redis")]
    [InlineData("docker pull", "team/docker")]
    [InlineData("ghcr.io/team/app-07")]
    [InlineData("nothing-like-it:1")]
    public async Task What_the_words_find_as_they_were_typed_is_all_that_is_found(string typed, params string[] names) => Names(await SearchAsync(typed)).Should().Equal(names);

    [Fact]
    public async Task The_answer_says_what_was_searched() => (await SearchAsync("Nginx:1.25"))["query"]!.GetValue<string>().Should().Be("nginx");

    [Fact]
    public async Task Pages_of_a_reference_go_on_with_its_name_by_link_by_continuation_and_by_number()
    {
        const string Typed = "registry.example.com/team/app:2";
        var expected = Enumerable.Range(0, 60).Select(i => $"team/app-{i:d2}").ToList();
        var (byLink, byContinuation, byNumber) = (new List<string>(), new List<string>(), new List<string>());
        for (var path = $"/v1/search?n=25&q={Typed}"; path is not null;)
        {
            using var response = await _server.Client.GetAsync(path, _cancellation);
            byLink.AddRange(Names(JsonNode.Parse(await response.Content.ReadAsStringAsync(_cancellation))!));
            path = response.Headers.TryGetValues("Link", out var links) ? links.Single()[1..].Split('>')[0] : null;
        }

        string? continuation = null;
        do
        {
            var answer = await SearchAsync(Typed, continuation is null ? "" : $"&continuation={continuation}");
            byContinuation.AddRange(Names(answer));
            continuation = answer["continuation"]?.GetValue<string>();

            // From now on the words find something as they were typed; the pages after are still those of the name.
            await _server.Index.UpsertAsync(new("later", Typed), _cancellation);
        }
        while (continuation is not null);
        await _server.Index.DeleteAsync("later", _cancellation);
        for (var page = 1; page <= 3; page++)
            byNumber.AddRange(Names(await SearchAsync(Typed, $"&page={page}")));
        byLink.Should().Equal(expected);
        byContinuation.Should().Equal([.. expected, "later"]);
        byNumber.Should().Equal(expected);
    }

    [Fact]
    public async Task A_page_beyond_the_last_one_of_the_words_as_typed_is_empty() => Names(await SearchAsync("nginx:1.27", "&page=2")).Should().BeEmpty();

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
    public async Task There_is_one_search_more_at_most_and_only_for_a_reference(string typed, int searches)
    {
        var index = new CountedSearches(_server.Index);
        await SearchEndpoint.SearchAsync(new DefaultHttpContext(), index, _server.Services.GetRequiredService<TypedReferences>(), typed, null, null, null);
        index.Count.Should().Be(searches);
    }

    private static IEnumerable<string> Names(JsonNode answer) => answer["results"]!.AsArray().Select(row => row!["name"]!.GetValue<string>());

    private async Task<JsonNode> SearchAsync(string typed, string more = "") =>
        JsonNode.Parse(await _server.Client.GetStringAsync($"/v1/search?n=25&q={Uri.EscapeDataString(typed)}{more}", _cancellation))!;
}
