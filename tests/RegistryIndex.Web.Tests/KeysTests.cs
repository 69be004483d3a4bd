using Microsoft.Playwright;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;
using static Microsoft.Playwright.Assertions;

namespace RegistryIndex.Web.Tests;

public sealed class KeysTests(Chromium chromium, Site site)
{
    [Fact]
    public async Task Keys_focus_the_search_move_through_the_results_and_open_a_repository()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/?q=shop");
        var links = window.Page.Locator(".result .name a");
        await window.PressAsync("/");
        await Expect(window.Page.Locator("#q")).ToBeFocusedAsync();
        await Expect(window.Page.Locator("#q")).ToHaveValueAsync("shop");
        await window.PressAsync("ArrowDown");
        await Expect(links.Nth(0)).ToBeFocusedAsync();
        await window.PressAsync("j");
        await Expect(links.Nth(1)).ToBeFocusedAsync();
        await window.KeepPictureAsync("keys");
        await window.PressAsync("ArrowDown");
        await window.PressAsync("k");
        await window.PressAsync("ArrowUp");
        await Expect(links.Nth(0)).ToBeFocusedAsync();
        await window.PressAsync("ArrowUp");
        await Expect(window.Page.Locator("#q")).ToBeFocusedAsync();
        await window.PressAsync("ArrowDown");
        await window.PressAsync("j");
        var second = await links.Nth(1).InnerTextAsync();
        await window.PressAsync("Enter");
        await Expect(window.Page).ToHaveURLAsync($"{site.Address}/ui/r/{second}");
        window.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Letters_in_the_search_field_are_not_shortcuts()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/");
        await window.TypeAsync("jack/c?");
        await Expect(window.Page.Locator("#q")).ToHaveValueAsync("jack/c?");
        await Expect(window.Page.Locator("#q")).ToBeFocusedAsync();
        await Expect(window.Page.Locator("#keys")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("/ui/?q=charts", "j", "helm pull oci://registry.example.com/charts/shop --version 1.9.0")]
    [InlineData("/ui/?q=plain", "j", "plain/nothing-known")] // no command is known of it
    [InlineData("/ui/r/team/shop/web", null, "docker pull registry.example.com/team/shop/web:2.4.1")]
    public async Task A_key_copies_the_command_of_a_result_and_of_a_repository(string address, string? before, string copied)
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync(address);
        if (before is not null)
            await window.PressAsync(before);
        await window.PressAsync("c");
        await Expect(window.Page.Locator(".said")).ToHaveTextAsync($"Copied: {copied}");
        (await window.ReadClipboardAsync()).Should().Be(copied);
    }

    [Fact]
    public async Task The_keys_are_listed_and_can_be_switched_off_permanently()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/?q=shop");
        var (dialog, box) = (window.Page.Locator("#keys"), window.Page.GetByRole(AriaRole.Checkbox));
        await window.PressAsync("?");
        await Expect(dialog).ToBeVisibleAsync();
        await window.KeepPictureAsync("keys-dialog");
        await box.UncheckAsync();
        await window.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();

        await window.Page.ReloadAsync();
        foreach (var key in (string[])["?", "/", "j", "c"])
            await window.PressAsync(key);
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(window.Page.Locator("body")).ToBeFocusedAsync();
        await Expect(window.Page.Locator(".said")).ToBeEmptyAsync();

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Keyboard shortcuts" }).ClickAsync();
        await box.CheckAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await window.PressAsync("/");
        await Expect(window.Page.Locator("#q")).ToBeFocusedAsync();
        window.Complaints.Should().BeEmpty();
    }
}
