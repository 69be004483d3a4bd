using Microsoft.Playwright;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;
using static Microsoft.Playwright.Assertions;

namespace RegistryIndex.Web.Tests;

/// <summary>What holds for each page in each theme and width.</summary>
public sealed class EveryViewTests(Chromium chromium, Site site)
{
    public static TheoryData<string> Views => [.. Sites.Views.All.Keys];

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Every_view_is_accessible_and_fits_in_every_window(string view)
    {
        await using var window = await chromium.OpenAsync(site.Address);
        var answer = await window.GoAsync(Sites.Views.All[view]);
        await Expect(window.Page.Locator("button.theme")).ToBeVisibleAsync();
        foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            foreach (var width in (int[])[320, 768, 1280])
            {
                await window.BeAsync(width, theme);
                await window.KeepPictureAsync($"{view}-{width}-{theme}".ToLowerInvariant());
                await Checks.BeAccessibleAsync(window);
            }
        }

        window.Complaints.Where(complaint => answer.Ok || !complaint.Contains("Failed to load resource", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Theory]
    [InlineData(320, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task The_list_of_keys_is_accessible(int width, ColorScheme theme)
    {
        await using var window = await chromium.OpenAsync(site.Address, width, theme);
        await window.GoAsync("/ui/");
        await window.PressAsync("?");
        await Expect(window.Page.Locator("#keys")).ToBeVisibleAsync();
        await window.KeepPictureAsync($"keys-dialog-{width}-{theme}".ToLowerInvariant());
        await Checks.BeAccessibleAsync(window);
    }

    [Fact]
    public async Task The_HTML_of_every_view_is_valid()
    {
        using var client = new HttpClient { BaseAddress = new(site.Address) };
        List<(string, string)> pages = [];
        foreach (var (view, address) in Sites.Views.All)
        {
            using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
            pages.Add((view, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        }

        await Checks.BeValidAsync(pages);
    }
}
