using RegistryIndex.Backends;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Sources;

namespace RegistryIndex.Server.Hosting;

/// <summary>What went wrong, in one sentence.</summary>
internal static class Failure
{
    /// <summary>For operators, in the log and on the terminal.</summary>
    public static string ToSentence(Exception error) => IsExpected(error)
        ? OnOneLine(error.Message)
        : $"This is a defect, please report it: {error.GetType().Name}: {OnOneLine(error.Message).TrimEnd('.')}. Logging:LogLevel:Default=Debug shows where it is.";

    /// <summary>What is wrong with an argument, without .NET's words about which one of a method it is.</summary>
    public static string ToSentence(ArgumentException error) => error.ParamName is { } parameter ? error.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal) : error.Message;

    /// <summary>For <c>/readyz</c>: what an index or the system says may name machines and files, and is in the log.</summary>
    public static string ToAnswer(Exception error) => error switch
    {
        RegistrySourceException => OnOneLine(error.Message),
        RegistryIndexException { MayRetry: true } => "The index cannot be reached; the server's log says why.",
        RegistryIndexException => "The index cannot answer; the server's log says why.",
        _ => "It failed; the server's log says why.",
    };

    private static bool IsExpected(Exception error) => error
        is RegistryIndexException or RegistrySourceException or ConfigurationMistakeException or UnknownBackendException or BackendSettingsException
        or IOException or UnauthorizedAccessException;

    private static string OnOneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
