using Microsoft.Playwright;
using RegistryIndex.Testing;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;

namespace RegistryIndex.Web.Tests;

public sealed class FirstPageTests(Chromium chromium, Site site)
{
    [Fact]
    public async Task The_first_page_with_its_files_is_at_most_30_KB_and_a_further_one_loads_only_itself()
    {
        await using var window = await chromium.OpenAsync(site.Address);
        await window.GoAsync("/ui/");
        await Eventually.BeAsync(() => window.Requests.DistinctBy(request => request.Url).Count() == 4, () => "the files are a page, a style sheet, a script and an icon");
        var bytes = 0;
        var before = window.Requests;
        foreach (var request in before)
        {
            request.Url.Should().StartWith(site.Address, "every file comes from the server");
            bytes += await MeasureAsync(request);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"The first page and what it needs: {bytes} bytes.");
        bytes.Should().BeLessThanOrEqualTo(30_000);

        // The browser may ask its cache for the icon once more before it goes on, and after it has.
        var further = await window.GoAsync("/ui/?q=shop");
        var files = window.Requests.Except(before).Where(request => request != further.Request).ToArray();
        files.Should().NotBeEmpty();
        foreach (var request in files)
            (await MeasureAsync(request)).Should().Be(0, $"{request.Url} is cached");
    }

    // Over the wire, with the headers; what comes from the cache is 0.
    private static async Task<int> MeasureAsync(IRequest request)
    {
        var sizes = await request.SizesAsync();
        return sizes.ResponseBodySize + sizes.ResponseHeadersSize;
    }
}
