using System.Net;
using System.Xml.Linq;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Web;

/// <summary>The server below a path, behind a proxy that removes the path and behind one that does not.</summary>
public sealed class PathBaseTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync(("path_base", "/tools/search/"), ("registry_public_url", "https://r.example.com"));
        for (var i = 0; i < 60; i++)
            await _server.Index.UpsertAsync(new($"team/part-{i:00}"));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static TheoryData<string> Prefixes => ["", "/tools/search"];

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task Every_link_of_every_page_has_the_path_base(string prefix)
    {
        foreach (var path in (string[])["/ui/", "/ui/?q=part", "/ui/r/team/part-07", "/ui/n/team/", "/ui/r/never/there"])
        {
            using var answer = await _server.Client.GetAsync(prefix + path);
            Html.Addresses(await answer.Content.ReadAsStringAsync()).Where(address => !address.StartsWith('#'))
                .Should().NotBeEmpty().And.OnlyContain(address => address.StartsWith("/tools/search/ui/", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task The_next_links_lead_to_the_end(string prefix)
    {
        var (seen, path) = (0, $"{prefix}/ui/?q=part");
        while (path is not null)
        {
            var page = await _server.Client.GetStringAsync(path);
            seen += Html.Names(page).Count();
            path = Html.Next(page) is { } next ? prefix + next["/tools/search".Length..] : null;
        }

        seen.Should().Be(60);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public async Task The_links_of_lists_for_programs_have_the_path_base(string prefix)
    {
        foreach (var path in (string[])["/api/v1/repositories?limit=2", "/v1/search?q=part&n=2", "/v2/_catalog?n=2"])
        {
            using var answer = await _server.Client.GetAsync(prefix + path);
            var next = answer.Headers.GetValues("Link").Single().Split('>')[0][1..];
            next.Should().StartWith($"/tools/search{path.Split('?')[0]}?");
            (await _server.Client.GetAsync(next)).StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/tools/search")]
    [InlineData("/tools/search/")]
    public async Task A_browser_is_redirected_below_the_path_base(string path)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _server.Client.BaseAddress };
        browser.DefaultRequestHeaders.Add("Accept", "text/html");
        using var answer = await browser.GetAsync(path);
        answer.Headers.Location!.OriginalString.Should().Be("/tools/search/ui/");
        using var reference = await browser.GetAsync("/tools/search/ui/?q=r.example.com/team/part-07:1");
        reference.Headers.Location!.OriginalString.Should().Be("/tools/search/ui/r/team/part-07");
    }

    [Fact]
    public async Task The_browsers_search_box_uses_the_path_base_and_errors_keep_their_form()
    {
        var description = XDocument.Parse(await _server.Client.GetStringAsync("/tools/search/ui/opensearch.xml"));
        description.Descendants().Single(element => element.Name.LocalName == "Url").Attribute("template")!.Value.Should().EndWith("/tools/search/ui/?q={searchTerms}");
        (await (await _server.Client.GetAsync("/tools/search/v2/nothing")).Content.ReadAsStringAsync()).Should().Contain("NAME_UNKNOWN");
        (await _server.Client.GetStringAsync("/tools/search/healthz")).Should().Contain("ok");
        (await _server.Client.GetAsync("/tools/searching/ui/")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Every_page_works_behind_nginx_with_the_documented_configuration(string end)
    {
        await using var server = await RunningServer.StartAsync(("path_base", "/search"));
        await server.Index.UpsertAsync(new("team/web"));
        var port = FreePort.Find();
        var location = Checkout.Snippet("docs/web.md", "nginx").Replace("http://127.0.0.1:5080", server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + end, StringComparison.Ordinal);
        await using var nginx = await Nginx.StartAsync($"server {{ listen 127.0.0.1:{port}; {location} }}", port);
        using var browser = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        browser.DefaultRequestHeaders.Add("Accept", "text/html");
        var page = await browser.GetStringAsync("/search/");
        Html.Names(page).Should().Equal("team/web");
        foreach (var address in Html.Addresses(page).Where(address => !address.StartsWith('#')))
            (await browser.GetAsync(address)).StatusCode.Should().Be(HttpStatusCode.OK, address);
        (await browser.GetStringAsync("/search/ui/opensearch.xml")).Should().Contain($"template=\"http://127.0.0.1:{port}/search/ui/?q=");
    }
}
