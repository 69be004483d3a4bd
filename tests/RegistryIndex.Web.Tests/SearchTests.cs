using System.Text.RegularExpressions;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;
using static Microsoft.Playwright.Assertions;

namespace RegistryIndex.Web.Tests;

public sealed class SearchTests(Chromium chromium, Site site)
{
    [Fact]
    public async Task The_root_redirects_a_browser_to_the_last_pushes()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/");
        await Expect(window.Page).ToHaveURLAsync($"{site.Address}/ui/");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Last pushed");
        (await NamesAsync(window)).Take(4).Should().Equal(Content.Web, "team/shop/api", "team/shop/worker", "charts/shop");
        await Expect(window.Page.Locator(".pushed time").First).ToHaveTextAsync("3 hours ago");
        window.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_search_shows_the_facts_of_each_repository()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/");
        await window.Page.Locator("#q").FillAsync("team web");
        await window.PressAsync("Enter");
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"/ui/\?q=team(\+|%20)web$"));
        var result = window.Page.Locator(".result").First;
        await Expect(result.Locator(".name")).ToHaveTextAsync(Content.Web);
        await Expect(result.Locator(".description")).ToContainTextAsync("The web server of the shop");
        (await result.Locator(".facts li").AllInnerTextsAsync()).Should().BeEquivalentTo("image", "2.4.1", "linux/amd64, linux/arm64", "48.2 MB", "pushed 3 hours ago", "signed");
        await window.KeepPictureAsync("search");
        window.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Results_appear_while_typing_and_the_address_changes_without_a_history_entry()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/");
        await window.TypeAsync("wor");
        await Expect(window.Page.Locator(".result .name")).ToHaveTextAsync(["team/shop/worker"]);
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Results for wor");
        await Expect(window.Page.Locator(".count")).ToHaveTextAsync("1 repository on this page.");
        await Expect(window.Page).ToHaveURLAsync($"{site.Address}/ui/?q=wor");
        await Expect(window.Page).ToHaveTitleAsync(new Regex("^wor"));
        await Expect(window.Page.Locator("#q")).ToBeFocusedAsync();
        (await window.Page.EvaluateAsync<int>("() => history.length")).Should().Be(2, "the empty page and this one");
        await window.KeepPictureAsync("typing");
        await window.Page.Locator("#q").FillAsync("");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Last pushed");
        window.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_typed_reference_shows_a_link_to_its_repository()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/");
        await window.Page.Locator("#q").FillAsync("docker pull registry.example.com/team/shop/web:2.4.1");
        await Expect(window.Page.Locator("main h1 a")).ToHaveTextAsync(Content.Web);
        await Expect(window.Page.Locator("main h1 a")).ToHaveAttributeAsync("href", $"{site.Address}/ui/r/{Content.Web}");
        await Expect(window.Page.Locator(".count")).ToHaveTextAsync("The reference is to this repository. Press Enter to open it.");
        await Expect(window.Page.Locator(".result")).ToHaveCountAsync(0);
        await window.KeepPictureAsync("typing-a-reference");
        await Checks.BeAccessibleAsync(window);
        await window.PressAsync("Enter");
        await Expect(window.Page).ToHaveURLAsync($"{site.Address}/ui/r/{Content.Web}");
        window.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task An_invalid_search_is_reported_while_typing()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/?q=shop");
        await window.Page.Locator("#q").FillAsync("1 2 3 4 5 6 7 8 9");
        await Expect(window.Page.Locator(".count")).ToHaveTextAsync("The query has 9 words; at most 8 are allowed.");
        await window.Page.Locator("#q").FillAsync("shop api");
        await Expect(window.Page.Locator(".result .name")).ToHaveTextAsync(["team/shop/api"]);
    }

    [Fact]
    public async Task Composed_text_is_searched_for_when_the_composition_ends()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/");
        await window.Page.Locator("#q").FocusAsync();
        var keyboard = await window.Page.Context.NewCDPSessionAsync(window.Page);
        await keyboard.SendAsync("Input.imeSetComposition", new() { ["text"] = "worker", ["selectionStart"] = 6, ["selectionEnd"] = 6 });
        await Expect(window.Page.Locator("#q")).ToHaveValueAsync("worker");
        window.Requests.Should().NotContain(request => request.Url.Contains("?q=", StringComparison.Ordinal));
        await keyboard.SendAsync("Input.insertText", new() { ["text"] = "worker" });
        await Expect(window.Page.Locator(".result .name")).ToHaveTextAsync(["team/shop/worker"]);
    }

    [Fact]
    public async Task One_character_sends_no_request_and_each_further_one_cancels_the_previous_request()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/");
        TaskCompletionSource isAsked = new(), isGivenUp = new();
        await window.Page.RouteAsync("**/ui/?q=sh", async route =>
        {
            isAsked.TrySetResult();
            await isGivenUp.Task;
            await route.AbortAsync();
        });
        window.Page.RequestFailed += (_, request) =>
        {
            if (request.Url.EndsWith("?q=sh", StringComparison.Ordinal))
                isGivenUp.TrySetResult();
        };
        await window.TypeAsync("s");
        await window.TypeAsync("h");
        await isAsked.Task;
        await window.TypeAsync("op api");
        await isGivenUp.Task;
        await Expect(window.Page.Locator(".result .name")).ToHaveTextAsync(["team/shop/api"]);
        window.Requests.Should().NotContain(request => request.Url.EndsWith("?q=s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unreachable_server_is_reported_and_the_results_stay()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/?q=shop");
        await window.Page.Context.SetOfflineAsync(true);
        await window.TypeAsync(" web");
        await Expect(window.Page.Locator(".count")).ToHaveTextAsync("The search could not be reached. Press Enter to try again.");
        await Expect(window.Page.Locator(".result").First).ToBeVisibleAsync();
        await window.KeepPictureAsync("unreachable");
    }

    [Fact]
    public async Task The_links_of_pages_lead_to_the_end_and_back_to_the_first()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/?q=archive");
        List<string> names = [.. await NamesAsync(window)];
        var next = window.Page.Locator("a[rel=next]");
        while (await next.CountAsync() > 0)
        {
            await next.ClickAsync();
            names.AddRange(await NamesAsync(window));
        }

        names.Should().OnlyHaveUniqueItems().And.HaveCount(Content.Archived);
        await window.KeepPictureAsync("last-page");
        await window.Page.Locator("a[rel=first]").ClickAsync();
        (await NamesAsync(window))[0].Should().Be(names[0]);
        await Expect(window.Page.Locator("a[rel=first]")).ToHaveCountAsync(0);
        window.Complaints.Should().BeEmpty();
    }

    [Theory]
    [InlineData("docker pull registry.example.com/team/shop/web:2.4.1")]
    [InlineData("registry.example.com/team/shop/web:2.4.1")]
    [InlineData("https://registry.example.com/team/shop/web")]
    public async Task A_pasted_reference_finds_its_repository(string pasted)
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/");
        await window.Page.Locator("#q").FillAsync(pasted);
        await window.PressAsync("Enter");
        await Expect(window.Page).ToHaveURLAsync($"{site.Address}/ui/r/{Content.Web}");
    }

    [Fact]
    public async Task The_page_offers_its_search_to_the_browsers_search_box()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/");
        var description = await window.Page.APIRequest.GetAsync((await window.Page.Locator("link[rel=search]").GetAttributeAsync("href"))!);
        description.Headers["content-type"].Should().StartWith("application/opensearchdescription+xml");
        (await description.TextAsync()).Should().Contain($"template=\"{site.Address}/ui/?q={{searchTerms}}\"");
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(Window window)
    {
        await Expect(window.Page.Locator(".result").First).ToBeVisibleAsync();
        return await window.Page.Locator(".result .name").AllInnerTextsAsync();
    }
}
