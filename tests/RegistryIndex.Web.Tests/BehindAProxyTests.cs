using System.Globalization;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;
using static Microsoft.Playwright.Assertions;

namespace RegistryIndex.Web.Tests;

public sealed class BehindAProxyTests(Chromium chromium) : IDisposable
{
    private const string Base = "/tools/search";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("leaves-the-path", "")]
    [InlineData("removes-the-path", "/")]
    public async Task Behind_a_path_all_links_forms_and_results_stay_below_the_path(string proxy, string end)
    {
        await Site.ImportAsync(_directory.Path, Content.Lines);
        await using var server = await Site.ServeAsync(_directory.Path, $"registry_public_url={Site.PublicUrl}", $"path_base={Base}");
        var port = FreePort.Find();
        await using var nginx = await Nginx.StartAsync($$"""
            server {
                listen 127.0.0.1:{{port.ToString(CultureInfo.InvariantCulture)}};
                location {{Base}}/ {
                    proxy_pass http://{{server.Address}}{{end}};
                    proxy_set_header Host $http_host;
                }
                location / { return 418; }
            }
            """, port);
        var site = $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";
        await using var window = await chromium.OpenAsync(site);

        await window.GoAsync($"{Base}/");
        await Expect(window.Page).ToHaveURLAsync($"{site}{Base}/ui/");
        await window.TypeAsync("archive");
        await Expect(window.Page).ToHaveURLAsync($"{site}{Base}/ui/?q=archive");
        await window.Page.Locator("a[rel=next]").ClickAsync();
        await Expect(window.Page.Locator("a[rel=first]")).ToBeVisibleAsync();
        await window.Page.Locator("#q").FillAsync("docker pull registry.example.com/team/shop/web");
        await window.PressAsync("Enter");
        await Expect(window.Page).ToHaveURLAsync($"{site}{Base}/ui/r/{Content.Web}");
        await Expect(window.Page.Locator(".copy").First).ToBeVisibleAsync();
        await window.KeepPictureAsync($"behind-nginx-that-{proxy}");
        await window.Page.Locator(".namespaces a").First.ClickAsync();
        await Expect(window.Page).ToHaveURLAsync($"{site}{Base}/ui/n/team/");
        await window.Page.Locator(".brand").ClickAsync();
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Last pushed");
        window.Requests.Should().OnlyContain(request => request.Url.StartsWith($"{site}{Base}/", StringComparison.Ordinal));
        window.Complaints.Should().BeEmpty();
    }
}
