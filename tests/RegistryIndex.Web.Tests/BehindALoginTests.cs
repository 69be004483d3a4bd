using RegistryIndex.Testing.Registry;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;
using static Microsoft.Playwright.Assertions;

namespace RegistryIndex.Web.Tests;

public sealed class BehindALoginTests(Chromium chromium) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Results_while_typing_work_with_a_login_and_nothing_is_shown_without_one()
    {
        await Site.ImportAsync(_directory.Path, Content.Lines);
        var htpasswd = Path.Combine(_directory.Path, "htpasswd");
        (await ProcessRunner.RunAsync("htpasswd", ["-cbB", htpasswd, "reader", "correct horse"], TestContext.Current.CancellationToken)).ExitCode.Should().Be(0);
        await using var server = await Site.ServeAsync(_directory.Path, $"htpasswd={htpasswd}");
        var site = $"http://{server.Address}";

        await using var reader = await chromium.OpenAsync(site, options => options.HttpCredentials = new() { Username = "reader", Password = "correct horse" });
        (await reader.GoAsync("/ui/")).Headers.Should().Contain("cache-control", "private, no-cache");
        await reader.TypeAsync("worker");
        await Expect(reader.Page.Locator(".result .name")).ToHaveTextAsync(["team/shop/worker"]);
        await reader.KeepPictureAsync("behind-a-login");
        await reader.Page.Locator(".result .name a").ClickAsync();
        await Expect(reader.Page.Locator("h1")).ToHaveTextAsync("team/shop/worker");
        (await reader.Page.Context.CookiesAsync()).Should().BeEmpty();
        reader.Complaints.Should().BeEmpty();

        await using var stranger = await chromium.OpenAsync(site, options => options.HttpCredentials = new() { Username = "reader", Password = "wrong" });
        var answer = await stranger.GoAsync($"/ui/r/{Content.Web}");
        answer.Status.Should().Be(401);
        (await stranger.Page.ContentAsync()).Should().NotContain("basket and payment");
    }
}
