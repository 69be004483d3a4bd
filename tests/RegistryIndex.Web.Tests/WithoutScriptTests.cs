using Microsoft.Playwright;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;
using static Microsoft.Playwright.Assertions;

namespace RegistryIndex.Web.Tests;

public sealed class WithoutScriptTests(Chromium chromium, Site site)
{
    [Fact]
    public async Task Without_script_searches_pages_repositories_and_tags_work()
    {
        await using var window = await chromium.OpenAsync(site.Address, options => options.JavaScriptEnabled = false);
        await window.GoAsync("/ui/");
        await window.Page.Locator("#q").FillAsync("archive");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync($"{site.Address}/ui/?q=archive");
        var first = await window.Page.Locator(".result .name").First.InnerTextAsync();
        await window.Page.Locator("a[rel=next]").ClickAsync();
        await Expect(window.Page.Locator(".result .name").First).Not.ToHaveTextAsync(first);
        await Expect(window.Page.Locator("#q")).ToHaveValueAsync("archive");
        await window.KeepPictureAsync("without-script");

        await window.GoAsync($"/ui/r/{Content.Web}");
        await Expect(window.Page.Locator(".commands pre").First).ToHaveTextAsync("docker pull registry.example.com/team/shop/web:2.4.1");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Show the tags" }).ClickAsync();
        await Expect(window.Page.Locator("#tags li")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Without_script_the_controls_that_need_it_are_hidden()
    {
        await using var window = await chromium.OpenAsync(site.Address, options => options.JavaScriptEnabled = false);
        await window.GoAsync($"/ui/r/{Content.Web}");
        await Expect(window.Page.GetByRole(AriaRole.Button)).ToHaveTextAsync(["Search"]);
        await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await window.KeepPictureAsync("repository-without-script");
    }
}
