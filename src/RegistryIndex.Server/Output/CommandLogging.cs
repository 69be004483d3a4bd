using Microsoft.Extensions.Logging.Console;

namespace RegistryIndex.Server.Output;

/// <summary>The log of a command.</summary>
internal static class CommandLogging
{
    /// <summary>Logs warnings to standard error, so that standard output has only the command's output.</summary>
    public static IServiceCollection AddCommandLogging(this IServiceCollection services, IConfiguration configuration) => services
        .AddLogging(logging => logging
            .AddConfiguration(configuration.GetSection("Logging"))
            .AddHarmlessConsole()
            .AddFilter(level => level >= LogLevel.Warning))
        .Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
}
