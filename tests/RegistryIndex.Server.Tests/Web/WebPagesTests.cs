using System.Net;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Server.Tests.Http;

namespace RegistryIndex.Server.Tests.Web;

/// <summary>The pages below <c>/ui/</c>, as docs/web.md says.</summary>
public sealed class WebPagesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Browsers_are_redirected_to_the_pages_and_other_clients_are_not()
    {
        await using var server = await RunningServer.StartAsync();
        using var browser = Client(server);
        using var led = await SendAsync(browser, HttpMethod.Get, "/", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        (led.StatusCode, led.Headers.Location?.OriginalString).Should().Be((HttpStatusCode.Redirect, "/ui/"));
        foreach (var (method, accept) in new (HttpMethod, string?)[] { (HttpMethod.Get, null), (HttpMethod.Get, "*/*"), (HttpMethod.Get, "application/json"), (HttpMethod.Get, "text/html;q=0"), (HttpMethod.Post, "text/html") })
        {
            using var other = await SendAsync(browser, method, "/", accept);
            (other.StatusCode, await other.Content.ReadAsStringAsync()).Should().Be((HttpStatusCode.NotFound, """{"error":"This path does not exist."}"""));
        }
    }

    [Fact]
    public async Task The_pages_can_be_disabled()
    {
        await using var server = await RunningServer.StartAsync(("ui", "false"));
        using var browser = Client(server);
        foreach (var path in (string[])["/", "/ui", "/ui/", "/ui/r/web", "/ui/opensearch.xml"])
        {
            using var answer = await SendAsync(browser, HttpMethod.Get, path, "text/html");
            (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType).Should().Be((HttpStatusCode.NotFound, "application/json"));
        }
    }

    [Fact]
    public async Task Without_words_the_last_push_comes_first_with_its_relative_time()
    {
        await using var server = await StartAsync();
        await server.Index.UpsertAsync(new("old", "Pushed long ago", new() { Tag = "1", PushedAt = Now.AddDays(-400) }));
        await server.Index.UpsertAsync(new("new", "Pushed now", new() { Tag = "2", PushedAt = Now.AddHours(-3), Size = 29_123_456, Kind = ArtifactKind.Image, Platforms = ["linux/amd64"], IsSigned = true, IsDeprecated = true }));
        await server.Index.UpsertAsync(new("never"));
        var page = await server.Client.GetStringAsync("/ui/");
        Html.Names(page).Should().Equal("new", "old", "never");
        page.Should().Contain("<h1>Last pushed</h1>").And.Contain("""<time datetime="2026-11-28T09:00:00Z" title="2026-11-28 09:00:00 UTC">3 hours ago</time>""").And.Contain(">1 year ago</time>")
            .And.Contain("""<li class="size">29.1 MB</li>""").And.Contain("""<li class="kind">image</li>""").And.Contain("""<li class="signed">""").And.Contain("""<li class="deprecated">""");
    }

    [Fact]
    public async Task Without_an_index_the_page_says_so()
    {
        await using var server = await RunningServer.StartAsync(("search_backend", "none"));
        (await server.Client.GetStringAsync("/ui/")).Should().Contain("no repositories yet");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=part")]
    public async Task The_next_links_show_each_repository_once_and_First_leads_back(string query)
    {
        await using var server = await StartAsync();
        var names = Enumerable.Range(0, 60).Select(i => $"team/part-{i:00}").ToList();
        foreach (var name in names)
            await server.Index.UpsertAsync(new(name));
        var (seen, path, pages) = (new List<string>(), $"/ui/{query}", 0);
        while (path is not null)
        {
            var page = await server.Client.GetStringAsync(path);
            seen.AddRange(Html.Names(page));
            page.Contains("rel=\"first\"", StringComparison.Ordinal).Should().Be(pages++ > 0);
            path = Html.Next(page);
        }

        (pages, seen.Count).Should().Be((3, 60));
        seen.Should().BeEquivalentTo(names);
    }

    [Fact]
    public async Task All_names_of_a_namespace_are_listed()
    {
        await using var server = await StartAsync();
        var names = Enumerable.Range(0, 120).Select(i => $"team/app/part-{i:000}").ToList();
        foreach (var name in (IEnumerable<string>)[.. names, "team/app", "team/apple/x", "team/ap/x", "team/app-x/y"])
            await server.Index.UpsertAsync(new(name));
        var (seen, path) = (new List<string>(), "/ui/n/team/app/");
        while (path is not null)
        {
            var page = await server.Client.GetStringAsync(path);
            seen.AddRange(Html.Names(page));
            path = Html.Next(page);
        }

        seen.Should().Equal(names);
        (await server.Client.GetAsync("/ui/n/nobody/")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("registry.example.com/team/app:1.2", "/ui/r/team/app")]
    [InlineData("docker pull registry.example.com/team/app@sha256:0123456789abcdef", "/ui/r/team/app")]
    [InlineData("team/app:latest", "/ui/r/team/app")]
    [InlineData("quay.io/team/app:1", "/ui/?q=quay.io%2Fteam%2Fapp")]
    [InlineData("team/app", null)]
    [InlineData("app", null)]
    public async Task A_pasted_reference_finds_its_repository(string pasted, string? page)
    {
        await using var server = await StartAsync(("registry_public_url", "https://registry.example.com"));
        await server.Index.UpsertAsync(new("team/app"));
        using var browser = Client(server);
        using var answer = await browser.GetAsync($"/ui/?q={Uri.EscapeDataString(pasted)}");
        answer.Headers.Location?.OriginalString.Should().Be(page);
        if (page is null)
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_public_address_any_host_of_a_reference_is_accepted()
    {
        await using var server = await StartAsync();
        await server.Index.UpsertAsync(new("team/app"));
        using var browser = Client(server);
        using var answer = await browser.GetAsync("/ui/?q=docker%20pull%20registry.example.com:5000/team/app:1");
        answer.Headers.Location?.OriginalString.Should().Be("/ui/r/team/app");
    }

    [Fact]
    public async Task A_repository_shows_its_facts_and_only_links_with_http_or_https()
    {
        await using var server = await StartAsync();
        await server.Index.UpsertAsync(new("team/app/web", "Front end", new()
        {
            Tag = "1.2",
            TagCount = 1_234,
            Vendor = "Us & them",
            Licenses = ["MIT", "Apache-2.0"],
            Source = "https://git.example.com/a b?x=<1>",
            Url = "javascript:alert(1)",
            Documentation = "git@example.com:docs.git",
            PushedAt = Now.AddMinutes(-1),
        }));
        var page = await server.Client.GetStringAsync("/ui/r/team/app/web");
        page.Should().Contain("<bdi>Us &amp; them</bdi>").And.Contain("<bdi>MIT, Apache-2.0</bdi>").And.Contain("<bdi>1,234</bdi>").And.Contain(">1 minute ago</time>")
            .And.Contain("href=\"https://git.example.com/a%20b?x=%3C1%3E\"").And.Contain("<bdi>javascript:alert(1)</bdi>").And.Contain("href=\"/ui/n/team/app/\"");
        Html.Addresses(page).Should().OnlyContain(href => href.StartsWith("/ui/", StringComparison.Ordinal) || href.StartsWith('#') || href.StartsWith("https://git.example.com/", StringComparison.Ordinal));
        page.Should().Contain("registry_public_url", "the page says why there are no commands").And.NotContain("<pre>");
    }

    [Theory]
    [InlineData(ArtifactKind.Image, "docker pull r.example.com/x/app:1.0", "podman pull r.example.com/x/app:1.0", "nerdctl pull r.example.com/x/app:1.0", "skopeo copy docker://r.example.com/x/app:1.0 oci:app:1.0", "image: r.example.com/x/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData(ArtifactKind.Chart, "helm pull oci://r.example.com/x/app --version 1.0")]
    [InlineData(ArtifactKind.Wasm, "oras pull r.example.com/x/app:1.0")]
    public async Task Commands_match_the_kind_of_artifact(ArtifactKind kind, params string[] commands)
    {
        await using var server = await StartAsync(("registry_public_url", "https://r.example.com/x/"));
        await server.Index.UpsertAsync(new("app", null, new() { Kind = kind, Tag = "1.0", Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }));
        Html.Commands(await server.Client.GetStringAsync("/ui/r/app")).Should().Equal(commands);
    }

    [Fact]
    public async Task A_tag_with_shell_characters_is_not_in_a_command()
    {
        await using var server = await StartAsync(("registry_public_url", "https://r.example.com"));
        await server.Index.UpsertAsync(new("app", null, new() { Kind = ArtifactKind.Image, Tag = "1;rm$IFS-rf$IFS~", Digest = "sha256:$(id)" }));
        Html.Commands(await server.Client.GetStringAsync("/ui/r/app")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("/ui/r/never/there", HttpStatusCode.NotFound, "The index has no repository &#x27;never/there&#x27;.")]
    [InlineData("/ui/r/", HttpStatusCode.NotFound, "This path does not exist.")]
    [InlineData("/ui/n/", HttpStatusCode.NotFound, "This path does not exist.")]
    [InlineData("/ui/n/never/there/", HttpStatusCode.NotFound, "The index has no repositories under &#x27;never/there/&#x27;.")]
    [InlineData("/ui/nothing", HttpStatusCode.NotFound, "This path does not exist.")]
    [InlineData("/ui/assets/style.0123.css", HttpStatusCode.NotFound, "This path does not exist.")]
    [InlineData("/ui/?continuation=forged", HttpStatusCode.BadRequest, "continuation")]
    [InlineData("/ui/?q=a&q=b", HttpStatusCode.BadRequest, "send it once")]
    [InlineData("/ui/?q=1+2+3+4+5+6+7+8+9", HttpStatusCode.BadRequest, "9 words")]
    public async Task Errors_are_pages_with_one_sentence(string path, HttpStatusCode status, string sentence)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.Client.GetAsync(path);
        (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()).Should().Be((status, "text/html; charset=utf-8"));
        (await answer.Content.ReadAsStringAsync()).Should().Contain(sentence).And.Contain("<main id=\"main\"").And.Contain("class=\"error\"");
    }

    [Fact]
    public async Task An_unsupported_method_is_reported_as_a_bad_request()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.Client.PostAsync("/ui/", null);
        (answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)).Should().Be((HttpStatusCode.MethodNotAllowed, "GET, HEAD"));
        (await answer.Content.ReadAsStringAsync()).Should().Contain("<h1>This request cannot be answered</h1>");
    }

    [Fact]
    public async Task The_search_box_keeps_the_words_of_a_failed_search()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.Client.GetAsync("/ui/?q=1+2+3+4+5+6+7+8+%22nine");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("value=\"1 2 3 4 5 6 7 8 &quot;nine\"");
    }

    [Theory]
    [InlineData("%20+")]
    [InlineData("%00%1b")]
    public async Task A_blank_search_lists_all_repositories(string blank)
    {
        await using var server = await StartAsync();
        await server.Index.UpsertAsync(new("web"));
        (await server.Client.GetStringAsync($"/ui/?q={blank}")).Should().Contain("<h1>Last pushed</h1>");
    }

    [Fact]
    public async Task A_slash_after_the_name_of_a_repository_is_ignored()
    {
        await using var server = await StartAsync();
        await server.Index.UpsertAsync(new("team/app"));
        (await server.Client.GetStringAsync("/ui/r/team/app/")).Should().Contain("<title>team/app");
    }

    [Theory]
    [InlineData("https")]
    [InlineData("HTTPS, http")] // of two proxies, the first one ends TLS
    public async Task The_pages_have_an_OpenSearch_description(string protocol)
    {
        await using var server = await RunningServer.StartAsync(("ui_title", "Images & <charts>"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ui/opensearch.xml") { Headers = { { "X-Forwarded-Proto", protocol } } };
        request.Headers.Host = "search.example.com";
        using var answer = await server.Client.SendAsync(request);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/opensearchdescription+xml");
        var description = System.Xml.Linq.XDocument.Parse(await answer.Content.ReadAsStringAsync());
        description.Descendants().Single(element => element.Name.LocalName == "Url").Attribute("template")!.Value.Should().Be("https://search.example.com/ui/?q={searchTerms}");
        description.Descendants().Single(element => element.Name.LocalName == "ShortName").Value.Should().Be("Images &");
        (await server.Client.GetStringAsync("/ui/")).Should().Contain("Images &amp; &lt;charts&gt;</title>");
    }

    private static Task<RunningServer> StartAsync(params (string Key, string Value)[] settings) => RunningServer.StartAsync(new FakeTimeProvider(Now), settings);

    private static HttpClient Client(RunningServer server) => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Client.BaseAddress };

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? accept)
    {
        var request = new HttpRequestMessage(method, path);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return client.SendAsync(request);
    }
}
