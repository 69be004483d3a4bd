using System.CommandLine;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Following;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.Loading;
using RegistryIndex.Server.Maintenance;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index serve</c>: the server.</summary>
internal static class ServeCommand
{
    public static readonly Option<string?> Urls = Settings.Setting("--urls", "Where to listen; http://127.0.0.1:5080 unless told otherwise.", "URL");

    public static Command Create()
    {
        var command = new Command("serve", "Serve searches over HTTP, and fill a new index from the registry's storage.") { Urls };
        command.Runs(async (parsed, cancellationToken) =>
        {
            await using var app = Build(Settings.Read(parsed));
            await app.StartAsync(cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
            return app.Services.GetRequiredService<IndexStartup>().Fatal is { } fatal ? throw fatal : ExitCode.Done;
        });
        return command;
    }

    private static string[] CheckedUrls(IConfiguration configuration)
    {
        var urls = (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (urls.Length == 0)
            throw new ConfigurationMistakeException("urls is empty; write where to listen, such as http://127.0.0.1:5080.");
        foreach (var url in urls)
        {
            try
            {
                BindingAddress.Parse(url);
            }
            catch (FormatException error)
            {
                throw new ConfigurationMistakeException($"urls '{url}' is no address to listen on ({error.Message}); write http://127.0.0.1:5080.");
            }
        }

        return urls;
    }

    public static WebApplication Build(IConfigurationRoot configuration)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            console.UseUtcTimestamp = true;
        }).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.UseUrls(CheckedUrls(configuration));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024; // nothing here takes a body
        });
        builder.Services.AddIndexServices(builder.Configuration);
        builder.Services.AddSingleton<FirstLoad>();
        builder.Services.AddSingleton<IndexStartup>();
        builder.Services.AddHostedService(services => services.GetRequiredService<IndexStartup>());
        builder.Services.AddFollower();
        ScheduledSweep.AddTo(builder.Services, builder.Configuration);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default));

        var app = builder.Build();
        app.UseJsonErrors();
        app.MapEndpoints();
        return app;
    }
}
