using System.CommandLine;
using RegistryIndex.Server.Following;

namespace RegistryIndex.Server.Commands;

/// <summary>What the commands and the server work with.</summary>
internal static class CommandServices
{
    public static IServiceCollection AddIndexServices(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(TimeProvider.System)
        .AddRegistryIndex(configuration)
        .AddRegistryStorage(configuration)
        .AddRegistryFollowing(configuration)
        .AddSingleton<Loading.Loader>();

    /// <summary>Warnings on standard error, so that standard output is the command's.</summary>
    public static IServiceCollection AddCommandLogging(this IServiceCollection services, IConfiguration configuration) => services
        .AddLogging(logging => logging
            .AddConfiguration(configuration.GetSection("Logging"))
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddFilter(level => level >= LogLevel.Warning))
        .Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    /// <summary>Opens the configured index for one command.</summary>
    public static async Task<ServiceProvider> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var configuration = Settings.Read(parsed);
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddCommandLogging(configuration)
            .AddIndexServices(configuration)
            .BuildServiceProvider();
        await services.GetRequiredService<IRegistryIndex>().InitializeAsync(cancellationToken);
        return services;
    }
}
