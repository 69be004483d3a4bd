using Microsoft.Playwright;
using RegistryIndex.Testing;
using RegistryIndex.Web.Tests.Browsing;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace RegistryIndex.Web.Tests.Browsing;

/// <summary>The Chromium of the system, started once for all tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout((float)Eventually.Limit.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = FindProgram(),
            // Root has no sandbox. Writing shared memory to files works in small containers.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox", "--disable-dev-shm-usage"] : ["--disable-dev-shm-usage"],
        });
    }

    /// <summary>Opens a window with its own storage, as a person who was never here before has it.</summary>
    /// <param name="address">Where the site is: relative addresses are below it.</param>
    /// <param name="change">Changes the window's options.</param>
    public async Task<Window> OpenAsync(string address, Action<BrowserNewContextOptions>? change = null)
    {
        var options = new BrowserNewContextOptions
        {
            BaseURL = address,
            ViewportSize = new() { Width = 1280, Height = 800 },
            ColorScheme = ColorScheme.Light,
            Permissions = ["clipboard-read", "clipboard-write"],
            ReducedMotion = ReducedMotion.Reduce,
        };
        change?.Invoke(options);
        return await Window.OpenAsync(_browser, options);
    }

    /// <summary>Opens a window of a width and a theme.</summary>
    public Task<Window> OpenAsync(string address, int width, ColorScheme theme, HttpCredentials? login = null) => OpenAsync(address, options =>
    {
        options.ViewportSize = new() { Width = width, Height = 800 };
        options.ColorScheme = theme;
        options.HttpCredentials = login;
    });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static string FindProgram() => ((string[])["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]) // the first one has no windows, and takes less time
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(directory => Path.Combine(directory, name)))
        .FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("The tests need Chromium, which is not installed: run ./test.sh once, it installs what they need.");
}
