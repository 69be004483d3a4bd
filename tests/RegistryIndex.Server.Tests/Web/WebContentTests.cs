using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.Tests.Facts;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Server.Web;
using RegistryIndex.Synchronization;
using RegistryIndex.Synchronization.Syncing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Web;

/// <summary>What a page asks for, and what it makes of the text of pushers.</summary>
public sealed partial class WebContentTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("part")]
    [InlineData("PART team")]
    public async Task A_page_is_one_search_of_the_provider(string? q)
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 60; i++)
            await server.Index.UpsertAsync(new($"team/part-{i:00}"));
        var index = new CountedSearches(server.Index);
        await SearchPages.SearchAsync(new DefaultHttpContext { RequestServices = server.Services }, index, server.Services.GetRequiredService<SearchedReferences>(), server.Services.GetRequiredService<WebLinks>(), server.Services.GetRequiredService<FirstPage>(), q, null);
        index.Count.Should().Be(1);
    }

    [Fact]
    public async Task An_index_without_push_times_is_listed_by_name_and_the_page_says_so()
    {
        await using var server = await RunningServer.StartAsync();
        await server.Index.UpsertAsync(new("b", null, new() { PushedAt = DateTimeOffset.UtcNow }));
        await server.Index.UpsertAsync(new("a"));
        using var page = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = server.Services, Response = { Body = page } };
        var index = new CountedSearches(server.Index); // which has no capabilities
        await (await SearchPages.SearchAsync(context, index, server.Services.GetRequiredService<SearchedReferences>(), server.Services.GetRequiredService<WebLinks>(), server.Services.GetRequiredService<FirstPage>(), null, null)).ExecuteAsync(context);
        var text = Encoding.UTF8.GetString(page.ToArray());
        Html.Names(text).Should().Equal("a", "b");
        text.Should().Contain("<h1>All repositories</h1>").And.Contain("in the order of their names");
    }

    [Fact]
    public async Task The_registry_is_asked_only_for_opened_tags()
    {
        await using var registry = await DockerRegistry.StartAsync();
        await using var proxy = await RegistryProxy.StartAsync();
        proxy.Target = registry.Address;
        using var pushed = new PushedKinds(registry.Address);
        await pushed.PushAsync();
        await using var server = await RunningServer.StartAsync(("registry", proxy.Url), ("sync_interval", "0"), ("registry_public_url", "https://r.example.com"));
        await server.Services.GetRequiredService<Synchronizer>().RunAsync(new SyncMode(), TestContext.Current.CancellationToken);
        proxy.Forget();

        foreach (var path in (IEnumerable<string>)[.. PushedKinds.Names.Select(name => $"/ui/r/{name}"), "/ui/", "/ui/?q=signed", "/ui/?q=nothing-like-it", "/ui/n/signed/", "/ui/opensearch.xml", "/ui/r/plain", "/ui/r/chart", "/ui/?q=a", "/ui/?q=about+plain"])
            (await server.Client.GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.OK, path);
        proxy.Lookups.Should().BeEmpty();

        var tags = await server.Client.GetStringAsync("/ui/r/two-platforms?tags=");
        tags.Should().Contain(">2.1</bdi>").And.Contain(">2.0</bdi>");
        await server.Client.GetStringAsync("/ui/r/two-platforms?tags=");
        proxy.Lookups.Should().Equal(new Dictionary<string, int> { ["two-platforms"] = 1 });

        proxy.Target = null;
        (await server.Client.GetStringAsync("/ui/r/plain?tags=")).Should().Contain("cannot be asked for the tags at the moment").And.Contain("About plain", "the content of the index is shown nevertheless");
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    [InlineData("</bdi></li></ol></main><form action=https://evil.example>")]
    [InlineData("&lt;script&gt; &amp; {{7*7}} @(7*7)")]
    [InlineData("\u202etxt.exe\u0000\u001b[31m\r\n\u2028<b>")]
    public async Task Text_of_images_is_escaped_everywhere(string hostile)
    {
        await using var server = await RunningServer.StartAsync(("registry_public_url", "https://r.example.com"));
        var word = new string([.. hostile.Where(character => character is > ' ' and <= '~' and not '"' and not '\\').Take(60)]);
        await server.Index.UpsertAsync(new("hostile/app", hostile, new()
        {
            Tag = word,
            DescriptionTag = word,
            Digest = word,
            MediaType = word,
            ArtifactType = word,
            Kind = ArtifactKind.Image,
            Platforms = [word],
            SizePlatform = word,
            Size = 1,
            Title = hostile,
            Vendor = hostile,
            Licenses = [hostile],
            Version = hostile,
            Revision = hostile,
            Source = hostile,
            Url = $"https://evil.example/{hostile}",
            Documentation = $"data:text/html,{hostile}",
            BaseName = hostile,
        }));
        foreach (var path in (string[])["/ui/", "/ui/r/hostile/app", "/ui/n/hostile/", $"/ui/?q={Uri.EscapeDataString(hostile)}", $"/ui/r/{Uri.EscapeDataString(hostile)}", $"/ui/n/{Uri.EscapeDataString(hostile)}/", $"/ui/?continuation={Uri.EscapeDataString(hostile)}"])
        {
            using var answer = await server.Client.GetAsync(path);
            ((int)answer.StatusCode).Should().BeLessThan(500, path);
            var page = await answer.Content.ReadAsStringAsync();
            page.Should().NotContainAny("<script>", "<img src=x", "<form action=https", "<b>", "'alert", "\u202e", "\u001b", "\u2028", "\0", "&#x202E;", "&#x1B;");
            page.Should().NotMatchRegex("href=\"(?!/ui/|#|https?://)");
            Quoted().Replace(page, "").Should().NotMatchRegex("<[a-z]+ ([^>]* )?on[a-z]+=");
        }
    }

    [Theory]
    [InlineData("https://example.com/münchen", null)]
    [InlineData("https://[::1]/", null)]
    [InlineData("https://p\u0430yp\u0430l.example/", "xn--pypl-53dc.example")] // in Cyrillic letters
    [InlineData("https://münchen.example/", "xn--mnchen-3ya.example")]
    public void A_host_with_letters_beyond_ASCII_is_also_shown_as_DNS_has_it(string address, string? host) => WebText.HostInDns(new(address)).Should().Be(host);

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https:///evil.example/")]
    [InlineData("https://user:password@evil.example/")]
    [InlineData("https:evil.example")]
    [InlineData("file:///etc/passwd")]
    [InlineData("java\nscript:alert(1)")]
    [InlineData("blob:https://evil.example/1")]
    [InlineData("http://一二三四五六七八九十百千万上下左右大小中天地人山水火木金土/")]
    public void Only_plain_web_addresses_are_links(string text) => WebText.Link(text).Should().BeNull();

    [Fact]
    public async Task An_address_that_DNS_cannot_have_is_text_without_a_link()
    {
        const string address = "http://一二三四五六七八九十百千万上下左右大小中天地人山水火木金土/";
        await using var server = await RunningServer.StartAsync();
        await server.Index.UpsertAsync(new("team/app", null, new() { Url = address, Documentation = address, Source = address }));
        var page = WebUtility.HtmlDecode(await server.Client.GetStringAsync("/ui/r/team/app"));
        page.Split($"<dd><bdi>{address}</bdi></dd>").Should().HaveCount(4).And.NotContainMatch($"*href=\"{address}*");
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1 kB")]
    [InlineData(29_123_456, "29.1 MB")]
    [InlineData(999_499_999, "999 MB")]
    [InlineData(999_500_000, "1 GB")]
    [InlineData(long.MaxValue, "9.22 EB")]
    public void Sizes_are_in_decimal_units(long bytes, string shown) => WebText.Size(bytes).Should().Be(shown);

    [Theory]
    [InlineData(-300, "just now")]
    [InlineData(59, "just now")]
    [InlineData(60, "1 minute ago")]
    [InlineData(3_599, "59 minutes ago")]
    [InlineData(7_200, "2 hours ago")]
    [InlineData(86_400, "1 day ago")]
    [InlineData(30 * 86_400, "30 days ago")]
    [InlineData(31 * 86_400, "1 month ago")]
    [InlineData(364 * 86_400, "11 months ago")]
    [InlineData(365 * 86_400, "1 year ago")]
    [InlineData(800 * 86_400, "2 years ago")]
    public void A_time_is_shown_relative_to_now(int seconds, string shown)
    {
        var now = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
        WebText.Ago(now.AddSeconds(-seconds), now).Should().Be(shown);
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
