using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Server.Commands;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>The server in this process, on a free loopback port, with an index in memory.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningServer(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public IRegistryIndex Index => Services.GetRequiredService<IRegistryIndex>();

    public static Task<RunningServer> StartAsync(params (string Key, string Value)[] settings) => StartAsync(TimeProvider.System, settings);

    public static async Task<RunningServer> StartAsync(TimeProvider time, params (string Key, string Value)[] settings)
    {
        var server = await StartUnreadyAsync(time, settings);
        await Eventually.BeAsync(async () => (await server.Client.GetAsync("/readyz")).IsSuccessStatusCode);
        return server;
    }

    /// <summary>Starts a server whose index may not be initialized yet.</summary>
    public static Task<RunningServer> StartUnreadyAsync(params (string Key, string Value)[] settings) => StartUnreadyAsync(TimeProvider.System, settings);

    private static async Task<RunningServer> StartUnreadyAsync(TimeProvider time, params (string Key, string Value)[] settings)
    {
        var defaults = new Dictionary<string, string?> { ["urls"] = "http://127.0.0.1:0", ["sqlalchemy_index_database"] = "sqlite://", ["Logging:LogLevel:Default"] = "Warning" };
        foreach (var (key, value) in settings)
            defaults[key] = value;
        var app = ServeCommand.Build(new ConfigurationBuilder().AddInMemoryCollection(defaults).Build(), time);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningServer(app);
    }

    /// <summary>Ends the server like an init system.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
