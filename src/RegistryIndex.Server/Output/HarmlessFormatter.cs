using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace RegistryIndex.Server.Output;

/// <summary>
/// Writes log lines like the simple formatter, each as <see cref="HarmlessText"/>: they contain text that users pushed, stored and typed.
/// </summary>
internal sealed class HarmlessFormatter(IServiceProvider services) : ConsoleFormatter("harmless")
{
    private readonly Lazy<ConsoleFormatter> _simple = new(() => services.GetServices<ConsoleFormatter>().First(formatter => formatter.Name == ConsoleFormatterNames.Simple));

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var line = HarmlessText.Of(logEntry.Exception is { } error ? $"{text} {error}" : text);
        _simple.Value.Write(new LogEntry<string>(logEntry.LogLevel, logEntry.Category, logEntry.EventId, line, exception: null, static (state, _) => state), scopeProvider, textWriter);
    }
}

internal static class HarmlessConsoleExtensions
{
    /// <summary>Logs to the console, one line each.</summary>
    public static ILoggingBuilder AddHarmlessConsole(this ILoggingBuilder logging, Action<SimpleConsoleFormatterOptions>? configure = null)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            configure?.Invoke(console);
        });
        logging.Services.AddSingleton<ConsoleFormatter, HarmlessFormatter>();
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = "harmless");
        return logging;
    }
}
