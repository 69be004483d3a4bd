namespace RegistryIndex.Failures;

/// <summary>What went wrong, in one sentence. Each assembly says which errors of its own parts are expected.</summary>
internal static partial class Failure
{
    /// <summary>For operators, in the log and on the terminal.</summary>
    public static string ToSentence(Exception error) => error is RegistryIndexException or IOException or UnauthorizedAccessException || IsExpected(error)
        ? OnOneLine(error.Message)
        : $"This is a defect, please report it: {error.GetType().Name}: {OnOneLine(error.Message).TrimEnd('.')}. Logging:LogLevel:Default=Debug shows where it is.";

    /// <summary>For everyone: what an index or the system says may name machines and files, and is in the log.</summary>
    public static string ToAnswer(Exception error) => error switch
    {
        RegistryIndexException { MayRetry: true } => "The index cannot be reached; the server's log says why.",
        RegistryIndexException => "The index cannot answer; the server's log says why.",
        _ when IsForEveryone(error) => OnOneLine(error.Message),
        _ => "It failed; the server's log says why.",
    };

    /// <summary>Whether the message of an error is a sentence for operators.</summary>
    private static partial bool IsExpected(Exception error);

    /// <summary>Whether it may be shown to everyone.</summary>
    private static partial bool IsForEveryone(Exception error);

    private static string OnOneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
