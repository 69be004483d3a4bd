using System.Text.RegularExpressions;
using RegistryIndex.Testing;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;
using static Microsoft.Playwright.Assertions;

namespace RegistryIndex.Web.Tests;

public sealed partial class RegistryRequestsTests(Chromium chromium)
{
    [Fact]
    public async Task Views_send_no_requests_to_the_registry_until_tags_are_opened()
    {
        await using var site = new Site(); // no other test asks its registry
        await site.InitializeAsync();
        await using var window = await chromium.OpenAsync(site.Address);
        var before = site.Registry.Log.Length;
        var views = Views.All.Values.Where(address => !address.Contains("tags=", StringComparison.Ordinal)).ToList();
        foreach (var view in views.Concat(views))
            await window.GoAsync(view);
        window.Requests.Count(request => request.IsNavigationRequest).Should().BeGreaterThanOrEqualTo(20);

        // The registry logs in the order of its answers: what the views had asked would come before what is asked now.
        using var client = new HttpClient();
        (await client.GetAsync(new Uri($"http://{site.Registry.Address}/v2/after/the-views/tags/list"), TestContext.Current.CancellationToken)).Dispose();
        await Eventually.BeAsync(() => RequestsSince().Any());
        RequestsSince().First().Should().Be("GET /v2/after/the-views/tags/list");

        await window.GoAsync($"/ui/r/{Content.Web}?tags=");
        await Expect(window.Page.Locator("#tags li")).ToHaveCountAsync(3);
        await Eventually.BeAsync(() => RequestsSince().Any(request => request.Contains($"/v2/{Content.Web}/tags/list", StringComparison.Ordinal)));

        IEnumerable<string> RequestsSince() => Asked().Matches(site.Registry.Log[before..]).Select(match => match.Value);
    }

    // But for the check that the registry is there, GET /v2/, which no view causes.
    [GeneratedRegex("""(?:GET|HEAD) /v2/[^\s"?]+""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Asked();
}
