using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Answers;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Events;
using RegistryIndex.Server.Hosting;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.Maintenance;
using RegistryIndex.Server.Monitoring;
using RegistryIndex.Server.Output;
using RegistryIndex.Server.Web;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index serve</c>: runs the server.</summary>
internal static partial class ServeCommand
{
    public static readonly Option<string?> Urls = Settings.Setting("--urls", "The addresses to listen on; by default http://127.0.0.1:5080.", "URL");

    public const string Name = "serve";

    // Docker and podman kill a container after 10 seconds; running requests get five of these.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan RequestsPatience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var command = new Command(Name, "Serve searches over HTTP, and fill a new index from the registry's storage.") { Urls };
        command.Runs(async (parsed, cancellationToken) =>
        {
            var configuration = Settings.ReadChecked(parsed, cancellationToken);
            var app = Build(configuration);
            Exception? fatal = null;
            try
            {
                StartLines.Write(app, configuration);
                await configuration.ExplainedAsync(() => Listening.StartAsync(app));
                await StoppingAsync(app, cancellationToken);
                fatal = FindFatal(app.Services);
            }
            catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                fatal = FindFatal(app.Services); // the index ended the server during its start
            }
            finally
            {
                await EndAsync(app);
            }

            return fatal is null ? ExitCode.Done : throw fatal;
        });
        return command;
    }

    private static async Task StoppingAsync(WebApplication app, CancellationToken cancellationToken)
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stopping = app.Lifetime.ApplicationStopping.Register(() => asked.TrySetResult());
        await using var interrupted = cancellationToken.Register(() => asked.TrySetResult());
        await asked.Task;
    }

    // What the index has confirmed is safe at any moment. A store that does not answer is not waited for longer than container runtimes wait.
    private static async Task EndAsync(WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ServeCommand));
        try
        {
            await Task.Run(async () =>
            {
                await app.StopAsync();
                await app.DisposeAsync();
            }).WaitAsync(Patience);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException or AggregateException)
        {
            LogHanging(logger);
        }
    }

    // The server's own background work never ends with an error; that of a provider may.
    private static Exception? FindFatal(IServiceProvider services) => services.GetRequiredService<IIndexStartup>().Fatal
        ?? services.GetServices<IHostedService>().OfType<BackgroundService>().Select(service => service.ExecuteTask?.Exception?.GetBaseException()).FirstOrDefault(error => error is not null);

    /// <summary>Builds the server. All settings are checked, and nothing is started.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="time">The clock of the services that follow the registry; the system's by default.</param>
    /// <exception cref="ConfigurationMistakeException">A setting is invalid.</exception>
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
        var isJson = MonitoringOptions.IsJson(configuration["log_format"]);
        (isJson ? builder.Logging.ClearProviders().AddJsonLines() : builder.Logging.ClearProviders().AddHarmlessConsole(console =>
        {
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            console.UseUtcTimestamp = true;
        })).AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter(typeof(BasicAuthentication).FullName, LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // the command reports failures
        var access = CheckedAccess(builder.Configuration);
        var urls = Listening.CheckedUrls(configuration["urls"], access);
        var metricsUrls = Listening.CheckedMetricsUrls(configuration["metrics_urls"], urls, access);
        var metricsListener = new MetricsListener(urls.Length);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddAccessControl(access);
        var (metrics, traces) = (new OtlpSignal("METRICS", configuration), new OtlpSignal("TRACES", configuration));
        var isMeasured = metricsUrls.Length > 0 || metrics.IsSent || traces.IsSent;
        if (isMeasured)
        {
            builder.Configuration[OtlpSignal.Disabled] = "false"; // it has been taken into account, and would switch off the metrics of metrics_urls
            builder.Services.AddTelemetry(metricsUrls.Length > 0, metrics, traces);
        }

        builder.Services.AddSingleton<AccessLog>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Kestrel reads and discards the rest of an unread body, for five seconds at most, so that the client receives its answer instead
            // of a connection reset (RFC 9112, 9.6). With a limit of its own, Kestrel would not; the one endpoint that reads a body has its own
            // limit.
            kestrel.Limits.MaxRequestBodySize = null;
            var places = kestrel.ApplicationServices.GetRequiredService<ConnectionPlaces>();
            kestrel.ConfigureEndpointDefaults(listen =>
            {
                places.Use(listen);
                metricsListener.Use(listen);
            });
            kestrel.ApplicationServices.GetService<ServerCertificate>()?.Use(kestrel);
        });
        builder.Services.AddIndexServices(builder.Configuration, asksRegistry: true).AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>().Configure<HostOptions>(host => host.ShutdownTimeout = RequestsPatience);
        builder.Services.AddSingleton<IIndexWarmUp, FirstSearches>().AddRegistryFollower();
        builder.Services.AddSingleton<EventMetrics>().AddSingleton<SearchedReferences>().AddSingleton<SearchTurns>().AddSingleton<TagLists>().AddApiDescription().AddWebPages();
        builder.Services.AddBackgroundWork<ScheduledSweep>().AddHostedService<SystemdNotices>();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default);
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower; // as answers are written, so that the description matches
        });

        var app = builder.Build();
        foreach (var url in (string[])[.. urls, .. metricsUrls])
            app.Urls.Add(url); // not UseUrls, which would overwrite the setting
        if (configuration.GetValue<bool>("access_log"))
            app.Services.GetRequiredService<AccessLog>().Use(app);
        app.UseWebPathBase();
        app.UseWebPages();
        app.UseSecurityHeaders();
        app.UseJsonErrors();
        metricsListener.Use(app);
        app.UseAccessControl();
        app.MapEndpoints();
        app.MapWebPages();
        if (isMeasured)
            app.UseTelemetry();
        if (metricsUrls.Length > 0)
            app.MapMetrics(metricsListener);

        if (access.NeedsLogin && Array.Find([.. urls, .. metricsUrls], Listening.IsInTheClear) is { } inTheClear)
            LogInTheClear(app.Logger, inTheClear);
        return app;
    }

    // Needed before the container exists: the listening addresses depend on it.
    private static AccessOptions CheckedAccess(IConfiguration configuration)
    {
        var access = configuration.Get<AccessOptions>() ?? new();
        var result = new AccessOptionsValidator().Validate(null, access);
        return result.Failed ? throw new OptionsValidationException("", typeof(AccessOptions), result.Failures) : access;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ended without waiting longer: the index or the registry does not answer; no confirmed write is lost")]
    private static partial void LogHanging(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Passwords are sent unencrypted to {Url}: use https, or a proxy that does")]
    private static partial void LogInTheClear(ILogger logger, string url);
}
