using System.CommandLine;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Answers;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Events;
using RegistryIndex.Server.Hosting;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.Maintenance;
using RegistryIndex.Server.Output;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index serve</c>: the server.</summary>
internal static partial class ServeCommand
{
    public static readonly Option<string?> Urls = Settings.Setting("--urls", "Where to listen; http://127.0.0.1:5080 unless told otherwise.", "URL");

    public const string Name = "serve";

    public static Command Create()
    {
        var command = new Command(Name, "Serve searches over HTTP, and fill a new index from the registry's storage.") { Urls };
        command.Runs(async (parsed, cancellationToken) =>
        {
            var configuration = Settings.ReadChecked(parsed, cancellationToken);
            await using var app = Build(configuration);
            try
            {
                await configuration.ExplainedAsync(() => Listening.StartAsync(app));
                await app.WaitForShutdownAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // The index ended it before it stood.
            }

            return FindFatal(app.Services) is { } fatal ? throw fatal : ExitCode.Done;
        });
        return command;
    }

    // Our own background work never ends so; a backend may have brought some along.
    private static Exception? FindFatal(IServiceProvider services) => services.GetRequiredService<IIndexStartup>().Fatal
        ?? services.GetServices<IHostedService>().OfType<BackgroundService>().Select(service => service.ExecuteTask?.Exception?.GetBaseException()).FirstOrDefault(error => error is not null);

    /// <summary>Puts the server together; all settings are checked, and nothing is begun yet.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="time">The clock that what follows the registry goes by; the system's unless told otherwise.</param>
    /// <exception cref="ConfigurationMistakeException">A setting is not what it must be.</exception>
    public static WebApplication Build(IConfigurationRoot configuration, TimeProvider? time = null) => configuration.Explained(() =>
    {
        SettingsFiles.Check(configuration, toRead: "");
        var app = BuildUnchecked(configuration, time);
        app.Services.CheckOptions(configuration);
        PoolThreads.Reserve(app.Services.GetRequiredService<ISearchCapacity>());
        return app;
    });

    private static WebApplication BuildUnchecked(IConfigurationRoot configuration, TimeProvider? time)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Configuration.Sources.Clear();
        builder.Configuration.Sources.Add(GivenSettings.Of(configuration));
        builder.Logging.ClearProviders().AddHarmlessConsole(console =>
        {
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            console.UseUtcTimestamp = true;
        }).AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter(typeof(BasicAuthentication).FullName, LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // the command says what failed
        var access = CheckedAccess(builder.Configuration);
        var urls = Listening.CheckedUrls(configuration["urls"], access);
        builder.WebHost.UseUrls(urls).UseKestrelHttpsConfiguration();
        builder.Services.AddAccessControl(access);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // What nobody reads Kestrel reads away, for five seconds at most, so that the client comes to its answer instead of a reset
            // connection (RFC 9112, 9.6). It would not where it had a limit itself; the one endpoint that takes a body has its own.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ApplicationServices.GetRequiredService<ConnectionPlaces>().Use(kestrel);
            kestrel.ApplicationServices.GetService<ServerCertificate>()?.Use(kestrel);
        });
        builder.Services.AddIndexServices(builder.Configuration, asksRegistry: true).AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        builder.Services.AddSingleton<IIndexWarmUp, FirstSearches>().AddRegistryFollower();
        builder.Services.AddSingleton<EventMetrics>().AddSingleton<TypedReferences>().AddSingleton<SearchTurns>();
        builder.Services.AddBackgroundWork<ScheduledSweep>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default));

        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseJsonErrors();
        app.UseAccessControl();
        app.MapEndpoints();
        if (access.NeedsLogin && Array.Find(urls, Listening.IsInTheClear) is { } inTheClear)
            LogInTheClear(app.Logger, inTheClear);
        return app;
    }

    // Asked for before there is a container: where to listen depends on it.
    private static AccessOptions CheckedAccess(IConfiguration configuration)
    {
        var access = configuration.Get<AccessOptions>() ?? new();
        var result = new AccessOptionsValidator().Validate(null, access);
        return result.Failed ? throw new OptionsValidationException("", typeof(AccessOptions), result.Failures) : access;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Passwords cross the network in the clear to {Url}: use https, or a proxy that does")]
    private static partial void LogInTheClear(ILogger logger, string url);
}
