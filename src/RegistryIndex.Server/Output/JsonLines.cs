using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Console;

namespace RegistryIndex.Server.Output;

/// <summary>The log as JSON, one object a line, in the format of .NET's JSON console.</summary>
internal static class JsonLines
{
    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>Logs to the console. JSON escapes what could control a terminal.</summary>
    public static ILoggingBuilder AddJsonLines(this ILoggingBuilder logging)
    {
        logging.AddJsonConsole();
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = ConsoleFormatterNames.Json);
        logging.Services.PostConfigure<JsonConsoleFormatterOptions>(json =>
        {
            (json.TimestampFormat, json.UseUtcTimestamp) = (TimestampFormat, true);
            json.JsonWriterOptions = default; // always on one line; settings cannot change this
        });
        return logging;
    }

    /// <summary>Returns the line of a sentence that is written without a logger.</summary>
    public static string Of(LogLevel level, string sentence) =>
        System.Text.Json.JsonSerializer.Serialize(new JsonLine($"{DateTime.UtcNow.ToString(TimestampFormat, System.Globalization.CultureInfo.InvariantCulture)}", 0, $"{level}", "RegistryIndex", sentence), JsonLineContext.Default.JsonLine);
}

internal sealed record JsonLine(string Timestamp, int EventId, string LogLevel, string Category, string Message);

[JsonSerializable(typeof(JsonLine))]
internal sealed partial class JsonLineContext : JsonSerializerContext;
