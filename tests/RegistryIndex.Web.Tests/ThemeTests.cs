using Microsoft.Playwright;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;
using static Microsoft.Playwright.Assertions;

namespace RegistryIndex.Web.Tests;

public sealed class ThemeTests(Chromium chromium, Site site)
{
    [Fact]
    public async Task The_theme_follows_the_system_until_another_one_is_chosen_and_stored()
    {
        await using var window = await chromium.OpenAsync(site.Address, options => options.ColorScheme = ColorScheme.Dark);
        await window.GoAsync("/ui/");
        var button = window.Page.Locator("button.theme");
        await Expect(button).ToHaveTextAsync("Theme: system");
        var dark = await BackgroundAsync(window);

        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync("Theme: light");
        var light = await BackgroundAsync(window);
        light.Should().NotBe(dark);
        await window.Page.ReloadAsync();
        await Expect(button).ToHaveTextAsync("Theme: light");
        (await BackgroundAsync(window)).Should().Be(light);

        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync("Theme: dark");
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        (await BackgroundAsync(window)).Should().Be(dark);

        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync("Theme: system");
        (await BackgroundAsync(window)).Should().Be(light);
        (await window.Page.Context.CookiesAsync()).Should().BeEmpty();
        window.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_browser_storage_a_chosen_theme_applies_to_the_page()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.Page.AddInitScriptAsync("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('forbidden', 'SecurityError') } })");
        await window.GoAsync("/ui/");
        await window.Page.Locator("button.theme").ClickAsync();
        await Expect(window.Page.Locator("button.theme")).ToHaveTextAsync("Theme: light");
        await Expect(window.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        window.Complaints.Should().BeEmpty();
    }

    private static Task<string> BackgroundAsync(Window window) => window.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
}
