using System.Net;
using Microsoft.Playwright;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;
using RegistryIndex.Web.Tests.Browsing;
using RegistryIndex.Web.Tests.Sites;
using static Microsoft.Playwright.Assertions;

namespace RegistryIndex.Web.Tests;

/// <summary>The pages of a server that has nothing, knows nothing, cannot answer or does not know its reader.</summary>
public sealed class OtherSitesTests(Chromium chromium) : IDisposable
{
    private const string ForwardedFor = "X-Forwarded-For";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_empty_index_says_that_it_has_no_repositories()
    {
        await Site.ImportAsync(_directory.Path, "");
        await using var server = await Site.ServeAsync(_directory.Path);
        await LookAsync(server, "empty-index", "/ui/", 200, "The index has no repositories yet.");
    }

    [Fact]
    public async Task Without_a_public_URL_a_repository_explains_why_it_has_no_commands()
    {
        await Site.ImportAsync(_directory.Path, Content.Lines);
        await using var server = await Site.ServeAsync(_directory.Path, $"ui_title={new string('W', 100)}");
        await LookAsync(server, "no-public-url-and-a-long-title", $"/ui/r/{Content.Web}", 200, "registry_public_url");
    }

    [Fact]
    public async Task An_unreachable_index_is_reported_by_a_page()
    {
        await using var server = await RegistryIndexProcess.ServeAsync(
            "--search-backend", "dynamodb", "--set", "extensions:dynamodb_index:endpoint=http://127.0.0.1:1", "--set", "extensions:dynamodb_index:access_key=test", "--set", "extensions:dynamodb_index:secret_access_key=test");
        await LookAsync(server, "unavailable", "/ui/?q=shop", 503, "The index is not ready yet; try again in a moment.");
    }

    [Fact]
    public async Task A_failed_login_is_reported_by_a_page_that_loads_nothing()
    {
        await Site.ImportAsync(_directory.Path, Content.Lines);
        var htpasswd = Path.Combine(_directory.Path, "htpasswd");
        (await ProcessRunner.RunAsync("htpasswd", ["-cbB", htpasswd, "reader", "correct horse"], TestContext.Current.CancellationToken)).ExitCode.Should().Be(0);
        await using var server = await Site.ServeAsync(_directory.Path, $"htpasswd={htpasswd}");
        await LookAsync(server, "login-refused", $"/ui/r/{Content.Web}", 401, "Log in with a user and password of this index.");
    }

    [Fact]
    public async Task Too_many_requests_are_reported_by_a_page()
    {
        const string client = "203.0.113.9";
        await Site.ImportAsync(_directory.Path, Content.Lines);
        await using var server = await Site.ServeAsync(_directory.Path, "rate_limit=1");
        await LookAsync(server, "too-many-requests", "/ui/?q=shop", 429, "Too many requests; Retry-After says when to try again.", client);
    }

    // Other requests of the client, one after the other, so that the page is refused however long the browser needs to ask for it.
    private static async Task SendOthersAsync(HttpClient http, TaskCompletionSource refused, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            using var answer = await http.GetAsync(new Uri("/ui/", UriKind.Relative), CancellationToken.None);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                refused.TrySetResult();
        }
    }

    // Asks for a page while the client's other requests use up its limit.
    private static async Task<IResponse> GoAmongOthersAsync(Window window, RegistryIndexProcess server, string client, string path)
    {
        using var http = new HttpClient { BaseAddress = new($"http://{server.Address}"), DefaultRequestHeaders = { { ForwardedFor, client } } };
        using var end = new CancellationTokenSource();
        TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var others = SendOthersAsync(http, refused, end.Token);
        try
        {
            await refused.Task.WaitAsync(Eventually.Limit);
            var answer = await window.GoAsync(path);
            await Eventually.BeAsync(async () => !answer.Ok || !(answer = await window.GoAsync(path)).Ok); // the page may be the one request of a second that is answered
            return answer;
        }
        finally
        {
            await end.CancelAsync();
            await others;
        }
    }

    private async Task LookAsync(RegistryIndexProcess server, string picture, string path, int status, string sentence, string? client = null)
    {
        foreach (var (width, theme) in ((int, ColorScheme)[])[(320, ColorScheme.Dark), (1280, ColorScheme.Light)])
        {
            await using var window = await chromium.OpenAsync($"http://{server.Address}", width, theme, client is null ? new() { Username = "reader", Password = "wrong" } : null); // a browser that Playwright logs in has no cache
            if (client is not null)
            {
                await window.GoAsync("/ui/"); // the style sheet is in the browser's cache from then on
                await window.Page.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { [ForwardedFor] = client });
            }

            var answer = client is null ? await window.GoAsync(path) : await GoAmongOthersAsync(window, server, client, path);
            answer.Status.Should().Be(status);
            await Expect(window.Page.Locator("main")).ToContainTextAsync(sentence);
            if (path.Contains("?q=", StringComparison.Ordinal))
                await Expect(window.Page.Locator("#q")).ToHaveValueAsync("shop");
            await window.KeepPictureAsync($"{picture}-{width}-{theme}".ToLowerInvariant());
            await Checks.BeAccessibleAsync(window);
            window.Complaints.Where(complaint => answer.Ok || !complaint.Contains("Failed to load resource", StringComparison.Ordinal)).Should().BeEmpty();
            if (theme == ColorScheme.Light)
                await Checks.BeValidAsync([(picture, await answer.TextAsync())]);
        }
    }
}
