using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Server.Http;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Http;

public sealed class SearchEndpointTests : IAsyncLifetime
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        var repositories = Enumerable.Range(0, 230).Select(i => new Repository($"team/app-{i:d3}", i % 2 == 0 ? "even & 100% <b>" : null));
        await _server.Index.ImportAsync(repositories.ToAsyncEnumerable(), cancellationToken: _cancellation);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_answer_has_the_envelope_of_quay_and_the_rows_of_docker()
    {
        var answer = await GetAsync("/v1/search?q=APP-01&n=2");
        answer["query"]!.GetValue<string>().Should().Be("APP-01");
        answer["num_results"]!.GetValue<int>().Should().Be(2);
        answer["num_pages"]!.GetValue<int>().Should().Be(2);
        answer["page"]!.GetValue<int>().Should().Be(1);
        answer["page_size"]!.GetValue<int>().Should().Be(2);
        answer["results"]![0]!.ToJsonString().Should().Be("""{"name":"team/app-010","description":"even \u0026 100% \u003Cb\u003E","star_count":0,"is_official":false,"is_automated":false}""");
        answer["results"]![1]!["description"].Should().BeNull();
    }

    [Theory]
    [InlineData("", 25)]
    [InlineData("&n=", 25)]
    [InlineData("&n=7", 7)]
    [InlineData("&n=500", 100)]
    [InlineData("&n=0", 1)]
    [InlineData("&n=-3", 1)]
    public async Task The_page_size_is_the_requested_one_from_1_to_100(string n, int rows) =>
        (await GetAsync("/v1/search?q=team" + n))["results"]!.AsArray().Should().HaveCount(rows);

    [Theory]
    [InlineData("/v1/search")]
    [InlineData("/v1/search?q=")]
    [InlineData("/v1/search?q=+")]
    public async Task Without_a_term_everything_is_listed_in_name_order(string path) =>
        Names(await GetAsync(path)).Should().Equal(Enumerable.Range(0, 25).Select(i => $"team/app-{i:d3}"));

    [Theory]
    [InlineData("?q=&n=100")]
    [InlineData("?q=team&n=40")]
    [InlineData("?q=even&n=9")]
    public async Task Links_page_numbers_and_continuations_reach_all_pages(string query)
    {
        var text = query.Split('=')[1].Split('&')[0];
        var expected = (await EveryPage.ReadAsync(_server.Index, text, 100, cancellationToken: _cancellation)).Select(repository => repository.Name).ToList();
        (await FollowAsync("/v1/search" + query)).Should().Equal(expected);

        var (byNumber, byContinuation) = (new List<string>(), new List<string>());
        JsonNode answer;
        var size = int.Parse(query.Split("n=")[1], CultureInfo.InvariantCulture);
        for (var page = 1; page * size <= (text.Length == 0 ? 500 : 100); page++)
        {
            answer = await GetAsync($"/v1/search{query}&page={page}");
            byNumber.AddRange(Names(answer));
            if (answer["num_pages"]!.GetValue<int>() == page)
                break;
        }

        string? continuation = null;
        do
        {
            answer = await GetAsync($"/v1/search{query}" + (continuation is null ? "" : "&continuation=" + continuation));
            byContinuation.AddRange(Names(answer));
            continuation = answer["continuation"]?.GetValue<string>();
        }
        while (continuation is not null);
        byNumber.Should().NotBeEmpty().And.Equal(expected.Take(byNumber.Count));
        byContinuation.Should().Equal(expected);
    }

    [Theory]
    [InlineData("q=team&n=100&page=1", HttpStatusCode.OK)]
    [InlineData("q=team&n=100&page=2", HttpStatusCode.BadRequest)]
    [InlineData("q=team&n=2147483647&page=2", HttpStatusCode.BadRequest)]
    [InlineData("q=team&n=25&page=4", HttpStatusCode.OK)]
    [InlineData("q=team&n=25&page=5", HttpStatusCode.BadRequest)]
    [InlineData("q=team&page=5", HttpStatusCode.BadRequest)]
    [InlineData("q=team&n=1&page=100", HttpStatusCode.OK)]
    [InlineData("q=team&n=1&page=101", HttpStatusCode.BadRequest)]
    [InlineData("q=team&n=1&page=2147483647", HttpStatusCode.BadRequest)]
    [InlineData("q=&n=100&page=5", HttpStatusCode.OK)]
    [InlineData("n=100&page=6", HttpStatusCode.BadRequest)]
    [InlineData("q=%20&n=25&page=20", HttpStatusCode.OK)]
    [InlineData("page=21", HttpStatusCode.BadRequest)]
    public async Task Page_numbers_are_limited_to_the_first_pages(string page, HttpStatusCode status)
    {
        using var response = await _server.Client.GetAsync("/v1/search?" + page, _cancellation);
        response.StatusCode.Should().Be(status);
        if (status == HttpStatusCode.BadRequest)
            (await response.Content.ReadAsStringAsync(_cancellation)).Should().Contain("is too far down; follow the continuation, or the Link header, of the previous page.");
    }

    [Theory]
    [InlineData(1, 25)]
    [InlineData(4, 25)]
    [InlineData(100, 1)]
    [InlineData(2, 50)]
    [InlineData(1, 100)]
    public async Task A_page_by_number_takes_one_search(int page, int size)
    {
        var index = new CountedSearches(_server.Index);
        await SearchEndpoint.SearchAsync(new DefaultHttpContext(), index, _server.Services.GetRequiredService<SearchedReferences>(), "team", $"{size}", $"{page}", null);
        index.Count.Should().Be(1);
    }

    [Theory]
    [InlineData("7", "8")]
    [InlineData("101", "102")]
    [InlineData("2147483647", "2147483647")]
    public async Task With_a_continuation_the_page_number_is_only_repeated(string page, string next)
    {
        var continuation = (await GetAsync("/v1/search?q=team&n=100"))["continuation"]!.GetValue<string>();
        var index = new CountedSearches(_server.Index);
        var context = new DefaultHttpContext();
        await SearchEndpoint.SearchAsync(context, index, _server.Services.GetRequiredService<SearchedReferences>(), "team", "100", page, continuation);
        index.Count.Should().Be(1);
        context.Response.Headers.Link.ToString().Should().Contain($"&page={next}&continuation=");
    }

    [Theory]
    [InlineData("/v1/search?q=a&n=many", HttpStatusCode.BadRequest, "whole numbers")]
    [InlineData("/v1/search?q=a&page=1.5", HttpStatusCode.BadRequest, "whole numbers")]
    [InlineData("/v1/search?q=a&page=2000000000", HttpStatusCode.BadRequest, "too far down")]
    [InlineData("/v1/search?q=a&continuation=forged", HttpStatusCode.BadRequest, "continuation")]
    [InlineData("/v1/search?q=1+2+3+4+5+6+7+8+9", HttpStatusCode.BadRequest, "8")]
    [InlineData("/v1/nothing", HttpStatusCode.NotFound, "This path does not exist.")]
    [InlineData("/", HttpStatusCode.NotFound, "This path does not exist.")]
    public async Task Wrong_parameters_are_json_with_one_sentence(string path, HttpStatusCode status, string sentence)
    {
        using var response = await _server.Client.GetAsync(path, _cancellation);
        response.StatusCode.Should().Be(status);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        JsonNode.Parse(await response.Content.ReadAsStringAsync(_cancellation))!["error"]!.GetValue<string>().Should().Contain(sentence);
    }

    [Theory]
    [InlineData("/v1/search?q=team&q=app", "q")]
    [InlineData("/v1/search?q=team&Q=app", "Q")]
    [InlineData("/v1/search?q=team&q=team", "q")]
    [InlineData("/v1/search?q=team&n=2&n=3", "n")]
    [InlineData("/v1/search?q=team&page=1&page=2", "page")]
    [InlineData("/v1/search?q=team&continuation=a&continuation=b", "continuation")]
    [InlineData("/v2/_catalog?n=2&n=3", "n")]
    [InlineData("/v2/_catalog?last=a&n=2&last=b", "last")]
    public async Task A_repeated_parameter_is_a_mistake(string path, string parameter)
    {
        using var response = await _server.Client.GetAsync(path, _cancellation);
        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(_cancellation))!;
        (error["error"] ?? error["errors"]![0]!["message"])!.GetValue<string>().Should().Be($"The parameter '{parameter}' occurs 2 times: send it once.");
    }

    [Fact]
    public async Task A_term_of_257_characters_is_refused_and_one_of_256_is_not()
    {
        (await _server.Client.GetAsync("/v1/search?q=" + new string('a', 256), _cancellation)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _server.Client.GetAsync("/v1/search?q=" + new string('a', 257), _cancellation)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private static IEnumerable<string> Names(JsonNode answer) => answer["results"]!.AsArray().Select(row => row!["name"]!.GetValue<string>());

    [Theory]
    [InlineData("/v1/search?q=long")]
    [InlineData("/v1/search?q=1+2+3+4+5+6+7+8+9")]
    [InlineData("/v1/search?q=app&continuation=forged")]
    [InlineData("/v1/search?n=many")]
    [InlineData("/v1/search?page=1000000")]
    [InlineData("/v2/_catalog?n=0")]
    public async Task A_wrong_request_is_answered_in_one_sentence_without_internals(string path)
    {
        var answer = await _server.Client.GetAsync(path.Replace("long", new string('q', 300), StringComparison.Ordinal), _cancellation);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync(_cancellation))!;
        (error["error"] ?? error["errors"]![0]!["message"])!.GetValue<string>().Should().EndWith(".").And.NotContain("(Parameter");
    }

    [Theory]
    [InlineData("/v1/search?q=app")]
    [InlineData("/v1/search?n=many")]
    [InlineData("/v2/")]
    [InlineData("/v2/_catalog?n=3")]
    [InlineData("/v1/_ping")]
    [InlineData("/_ping")]
    [InlineData("/api/v1/openapi.json")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/nowhere")]
    public async Task HEAD_has_the_answer_of_GET_without_the_body(string path)
    {
        using var get = await _server.Client.GetAsync(path, _cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await _server.Client.SendAsync(request, _cancellation);
        head.StatusCode.Should().Be(get.StatusCode);
        head.Content.Headers.ContentType.Should().Be(get.Content.Headers.ContentType);
        head.Headers.TryGetValues("Link", out var links).Should().Be(get.Headers.TryGetValues("Link", out var expected));
        links.Should().BeEquivalentTo(expected);
        (await head.Content.ReadAsByteArrayAsync(_cancellation)).Should().BeEmpty();
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _server.Client.GetStringAsync(path, _cancellation))!;

    private async Task<List<string>> FollowAsync(string path)
    {
        var names = new List<string>();
        while (true)
        {
            using var response = await _server.Client.GetAsync(path, _cancellation);
            names.AddRange(Names(JsonNode.Parse(await response.Content.ReadAsStringAsync(_cancellation))!));
            if (!response.Headers.TryGetValues("Link", out var links))
                return names;
            var link = links.Single();
            link.Should().EndWith(">; rel=\"next\"");
            path = link[1..link.IndexOf('>', StringComparison.Ordinal)];
        }
    }
}
