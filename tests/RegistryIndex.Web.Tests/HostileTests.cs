using Microsoft.Playwright;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;
using static Microsoft.Playwright.Assertions;

namespace RegistryIndex.Web.Tests;

/// <summary>Text of pushers is data: it does not run, does not mislead and does not break the layout.</summary>
public sealed class HostileTests(Chromium chromium) : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private RegistryIndexProcess _server = null!;

    private string Address => $"http://{_server.Address}";

    public async ValueTask InitializeAsync()
    {
        await Site.ImportAsync(_directory.Path, HostileContent.Lines);
        _server = await Site.ServeAsync(_directory.Path, $"registry_public_url={Site.PublicUrl}");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Hostile_repositories_are_text_on_every_page()
    {
        await using var window = await chromium.OpenAsync(Address);
        await window.GoAsync("/ui/");
        var seen = 0;
        for (var next = window.Page.Locator("a[rel=next]"); ; await next.ClickAsync())
        {
            await Expect(window.Page.Locator("button.theme")).ToBeVisibleAsync();
            seen += await window.Page.Locator(".result").CountAsync();
            await CheckAsync(window, $"hostile-{seen}");
            if (await next.CountAsync() == 0)
                break;
        }

        seen.Should().Be(HostileContent.Names.Count);
        foreach (var name in HostileContent.Names)
        {
            await window.GoAsync($"/ui/r/{name}");
            await Expect(window.Page.Locator("h1")).ToHaveTextAsync(name);
            var isKept = name.EndsWith("/title", StringComparison.Ordinal) || name.StartsWith('w') || name is "hostile/long/links" or "hostile/scripts/links";
            await CheckAsync(window, isKept ? name[..Math.Min(name.Length, 30)].Replace('/', '-') : null);
        }

        foreach (var (name, isLink) in new[] { ("authority", false), ("password", false), ("scripts", true) })
        {
            await window.GoAsync($"/ui/r/hostile/{name}/links");
            await Expect(window.Page.Locator(".facts a")).ToHaveCountAsync(isLink ? 3 : 0);
        }

        await Expect(window.Page.Locator(".facts dd").First).ToContainTextAsync("(xn--pypl-53dc.example)");
        window.Complaints.Should().BeEmpty();
        window.Requests.Should().OnlyContain(request => request.Url.StartsWith($"{Address}/ui/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hostile_words_are_text_in_the_results_also_while_typing()
    {
        await using var window = await chromium.OpenAsync(Address);
        await window.GoAsync("/ui/");
        foreach (var words in HostileContent.Searches.Select(words => words[..Math.Min(words.Length, 200)]))
        {
            await window.GoAsync($"/ui/?q={Uri.EscapeDataString(words)}");
            await CheckAsync(window);
            await window.GoAsync("/ui/");
            var answered = window.Page.WaitForResponseAsync(response => response.Url.Contains("?q=", StringComparison.Ordinal));
            await window.Page.Locator("#q").FillAsync(words);
            await answered;
            await CheckAsync(window);
        }

        window.Complaints.Where(complaint => !complaint.Contains("Failed to load resource", StringComparison.Ordinal)).Should().BeEmpty();
    }

    private static async Task CheckAsync(Window window, string? picture = null)
    {
        foreach (var width in (int[])[320, 1280])
        {
            await window.BeAsync(width, ColorScheme.Light);
            (await window.MeasureOverflowAsync()).Should().BeLessThanOrEqualTo(0, window.Page.Url);
            if (picture is not null)
                await window.KeepPictureAsync($"{picture}-{width}");
        }

        await Expect(window.Page.Locator("main :is(script, style, img, svg, iframe, object), main [onerror], main [onload], main [onfocus], main [onmouseover]")).ToHaveCountAsync(0);
        foreach (var link in await window.Page.Locator("main a").EvaluateAllAsync<string[]>("links => links.map(link => link.protocol)"))
            link.Should().BeOneOf("http:", "https:");
        (await window.Page.Locator("main").InnerTextAsync()).Should().NotMatchRegex(@"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]");
    }
}
