using System.Collections.Concurrent;
using Microsoft.Playwright;
using RegistryIndex.Testing;

namespace RegistryIndex.Web.Tests.Browsing;

/// <summary>A window of the browser, which writes down all that a page must not do.</summary>
public sealed class Window : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<IRequest> _requests = new();

    private Window(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>Errors of scripts, messages on the console, violations of the content security policy, and windows that a page has opened.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints];

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<IRequest> Requests => [.. _requests];

    internal static async Task<Window> OpenAsync(IBrowser browser, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Eventually.Limit.TotalMilliseconds);
        await context.AddInitScriptAsync("addEventListener('securitypolicyviolation', report => console.error(`policy: ${report.violatedDirective} ${report.blockedURI} ${report.sample}`))");
        var window = new Window(await context.NewPageAsync());
        window.Page.Console += (_, message) => window._complaints.Enqueue($"console: {message.Text}");
        window.Page.PageError += (_, error) => window._complaints.Enqueue($"script: {error}");
        window.Page.Request += (_, request) => window._requests.Enqueue(request);
        window.Page.Popup += (_, popup) => window._complaints.Enqueue($"window: {popup.Url}");
        window.Page.Dialog += async (_, dialog) =>
        {
            window._complaints.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        return window;
    }

    /// <summary>Goes to an address of the site.</summary>
    public async Task<IResponse> GoAsync(string address) => (await Page.GotoAsync(address))!;

    /// <summary>Changes the width of the window and the theme that the reader prefers.</summary>
    public async Task BeAsync(int width, ColorScheme theme)
    {
        await Page.SetViewportSizeAsync(width, 800);
        await Page.EmulateMediaAsync(new() { ColorScheme = theme });
    }

    /// <summary>Types into the search field, key by key.</summary>
    public Task TypeAsync(string text) => Page.Locator("#q").PressSequentiallyAsync(text);

    /// <summary>Presses a key, wherever the focus is.</summary>
    public Task PressAsync(string key) => Page.Keyboard.PressAsync(key);

    /// <summary>What the clipboard holds.</summary>
    public Task<string> ReadClipboardAsync() => Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");

    /// <summary>By how many pixels the page is wider than the window.</summary>
    public Task<int> MeasureOverflowAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>Keeps a picture of the whole page in <c>artifacts/pictures</c>.</summary>
    public async Task KeepPictureAsync(string name) =>
        await Page.ScreenshotAsync(new() { Path = Checkout.PathOf("artifacts", "pictures", $"{name}.png"), FullPage = true });

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
