using Microsoft.Playwright;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;
using static Microsoft.Playwright.Assertions;

namespace RegistryIndex.Web.Tests;

public sealed class RepositoryTests(Chromium chromium, Site site)
{
    [Fact]
    public async Task A_repository_has_a_page_with_its_facts_links_and_commands()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/?q=team+web");
        await window.Page.Locator(".result .name a").First.ClickAsync();
        await Expect(window.Page).ToHaveURLAsync($"{site.Address}/ui/r/{Content.Web}");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync(Content.Web);
        var facts = await window.Page.Locator("dl.facts > div").AllInnerTextsAsync();
        facts.Should().Contain(fact => fact.Contains("Example Ltd")).And.Contain(fact => fact.Contains("Apache-2.0")).And.Contain(fact => fact.Contains("48.2 MB"));
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "https://git.example.com/shop/web" })).ToHaveAttributeAsync("href", "https://git.example.com/shop/web");
        var commands = await window.Page.Locator(".commands pre").AllInnerTextsAsync();
        commands.Should().Contain("docker pull registry.example.com/team/shop/web:2.4.1").And.Contain("podman pull registry.example.com/team/shop/web:2.4.1")
            .And.Contain("nerdctl pull registry.example.com/team/shop/web:2.4.1").And.Contain(command => command.StartsWith("skopeo ")).And.Contain(command => command.StartsWith("image: registry.example.com/team/shop/web@sha256:"));
        window.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_deprecated_repository_is_marked_above_its_commands()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/r/legacy/shop");
        await Expect(window.Page.Locator(".deprecated:has(~ .commands)")).ToHaveTextAsync("Deprecated: its publisher says that it is no longer maintained.");
    }

    [Theory]
    [InlineData("charts/shop", "helm pull oci://registry.example.com/charts/shop --version 1.9.0")]
    [InlineData("models/shop-search", "docker model pull registry.example.com/models/shop-search:v7")]
    public async Task The_commands_match_the_kind_of_artifact(string name, string command)
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync($"/ui/r/{name}");
        await Expect(window.Page.Locator(".commands pre").First).ToHaveTextAsync(command);
    }

    [Fact]
    public async Task A_command_is_copied_by_its_button()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync($"/ui/r/{Content.Web}");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Copy podman pull registry.example.com/team/shop/web:2.4.1" }).ClickAsync();
        await Expect(window.Page.Locator(".said")).ToHaveTextAsync("Copied: podman pull registry.example.com/team/shop/web:2.4.1");
        (await window.ReadClipboardAsync()).Should().Be("podman pull registry.example.com/team/shop/web:2.4.1");
        await window.KeepPictureAsync("copied");
    }

    [Fact]
    public async Task A_command_is_copied_without_the_clipboard_API_such_as_without_TLS()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.Page.AddInitScriptAsync("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))");
        await window.GoAsync($"/ui/r/{Content.Web}");
        var button = window.Page.Locator(".copy").First;
        await button.ClickAsync();
        await Expect(window.Page.Locator(".said")).ToHaveTextAsync("Copied: docker pull registry.example.com/team/shop/web:2.4.1");
        (await window.ReadClipboardAsync()).Should().Be("docker pull registry.example.com/team/shop/web:2.4.1");
        await Expect(button).ToBeFocusedAsync();
        await Expect(window.Page.Locator("textarea")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_tags_are_read_from_the_registry_when_they_are_opened()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync($"/ui/r/{Content.Web}");
        await Expect(window.Page.Locator("#tags li")).ToHaveCountAsync(0);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Show the tags" }).ClickAsync();
        await Expect(window.Page.Locator("#tags li .tag")).ToHaveTextAsync(["latest", "2.4.1", "2.4.0"]);
        await window.KeepPictureAsync("tags");
        window.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task The_namespace_links_to_its_other_repositories()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync($"/ui/r/{Content.Web}");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "shop", Exact = true }).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync($"{site.Address}/ui/n/team/shop/");
        await Expect(window.Page.Locator(".result .name")).ToHaveTextAsync(["team/shop/api", "team/shop/web", "team/shop/worker"]);
    }
}
