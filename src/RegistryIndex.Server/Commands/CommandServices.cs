using System.CommandLine;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Following;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Commands;

/// <summary>What the commands and the server work with.</summary>
internal static class CommandServices
{
    /// <param name="services">The container.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="asksRegistry">Whether the registry is asked, so that the files with its password and certificates must be there; who only searches need not be able to read them.</param>
    public static IServiceCollection AddIndexServices(this IServiceCollection services, IConfiguration configuration, bool asksRegistry = false) => services
        .AddSingleton(TimeProvider.System)
        .AddRegistryIndex(configuration)
        .AddRegistryStorage(configuration)
        .AddRegistryFollowing(configuration, asksRegistry)
        .AddServerOptions(configuration)
        .AddSingleton<Loading.Loader>();

    /// <summary>Warnings on standard error, so that standard output is the command's.</summary>
    public static IServiceCollection AddCommandLogging(this IServiceCollection services, IConfiguration configuration) => services
        .AddLogging(logging => logging
            .AddConfiguration(configuration.GetSection("Logging"))
            .AddHarmlessConsole()
            .AddFilter(level => level >= LogLevel.Warning))
        .Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    /// <summary>Opens the configured index for one command.</summary>
    public static async Task<ServiceProvider> OpenAsync(ParseResult parsed, CancellationToken cancellationToken, bool asksRegistry = false)
    {
        var services = Build(Settings.Read(parsed), asksRegistry);
        await services.GetRequiredService<IRegistryIndex>().InitializeAsync(cancellationToken);
        return services;
    }

    /// <summary>Puts together what a command works with; all settings are checked, and nothing is connected to yet.</summary>
    /// <exception cref="ConfigurationMistakeException">A setting is not what it must be.</exception>
    public static ServiceProvider Build(IConfiguration configuration, bool asksRegistry = false)
    {
        var services = configuration.Explained(() => new ServiceCollection()
            .AddSingleton(configuration)
            .AddCommandLogging(configuration)
            .AddIndexServices(configuration, asksRegistry)
            .BuildServiceProvider());
        try
        {
            services.CheckOptions(configuration);
            return services;
        }
        catch
        {
            services.Dispose();
            throw;
        }
    }
}
