namespace RegistryIndex.Failures;

/// <summary>Describes an error in one sentence. Each assembly defines which errors of its own parts are expected.</summary>
internal static partial class Failure
{
    /// <summary>The sentence for operators, in the log and on the terminal.</summary>
    public static string ToSentence(Exception error) => error is RegistryIndexException or IOException or UnauthorizedAccessException || IsExpected(error)
        ? OnOneLine(error.Message)
        : $"This is a bug, please report it: {error.GetType().Name}: {OnOneLine(error.Message).TrimEnd('.')}. Logging:LogLevel:Default=Debug shows where it is.";

    /// <summary>The sentence for every client. The full message may name machines and files, and is only in the log.</summary>
    public static string ToAnswer(Exception error) => error switch
    {
        RegistryIndexException { MayRetry: true } => "The index cannot be reached; see the server's log.",
        RegistryIndexException => "The index cannot answer; see the server's log.",
        _ when IsForEveryone(error) => OnOneLine(error.Message),
        _ => "The operation failed; see the server's log.",
    };

    /// <summary>Whether the message of an error is a sentence for operators.</summary>
    private static partial bool IsExpected(Exception error);

    /// <summary>Whether the message may be shown to every client.</summary>
    private static partial bool IsForEveryone(Exception error);

    private static string OnOneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
