using System.CommandLine;
using Microsoft.Extensions.Options;
using RegistryIndex.Failures;
using RegistryIndex.Providers;
using RegistryIndex.Server.Output;
using RegistryIndex.Server.Terminal;
using RegistryIndex.Sources;

namespace RegistryIndex.Server.Commands;

/// <summary>Runs a command so that every failure ends in one sentence and an exit code, never in a stack trace.</summary>
internal static class Runner
{
    /// <param name="command">The command.</param>
    /// <param name="action">The command's work; returns the exit code.</param>
    /// <param name="interrupted">Returns what to report after an interruption: the rest of a sentence, and further output.</param>
    public static void Runs(this Command command, Func<ParseResult, CancellationToken, Task<int>> action, string interrupted = "nothing was changed.") =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await action(parsed, cancellationToken);
            }
            catch (Exception error) when (IsMistake(error))
            {
                return Say(parsed, SentencesOf(error), ExitCode.Mistake);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return Say(parsed, [$"Interrupted; {interrupted}"], ExitCode.Interrupted);
            }
            catch (OutputException error)
            {
                return Say(parsed, [$"{error.Message}; {interrupted}"], error.ExitCode);
            }
            catch (Exception error) when (error is RegistryIndexException or MissingIndexException or RegistrySourceException or IOException or UnauthorizedAccessException)
            {
                return Say(parsed, [error.Message], ExitCode.Failed);
            }
            catch (Exception error)
            {
                return SayDefect(error, parsed);
            }
        });

    /// <summary>Reports an unexpected error; its stack trace is shown only on request.</summary>
    public static int SayDefect(Exception error, ParseResult parsed)
    {
        if (IsDebugging(parsed))
            parsed.InvocationConfiguration.Error.WriteLine(Settings.LogsJson(parsed) ? JsonLines.Of(LogLevel.Debug, $"{error}") : $"{error}");
        return Say(parsed, [Failure.ToSentence(error)], ExitCode.Failed);
    }

    private static bool IsDebugging(ParseResult parsed) =>
        Enum.TryParse<LogLevel>(Settings.Peek(parsed, "Logging:LogLevel:Default"), ignoreCase: true, out var level) && level <= LogLevel.Debug;

    private static bool IsMistake(Exception error) =>
        error is ConfigurationMistakeException or UnusableFileException or ProviderConfigurationException or OptionsValidationException or ArgumentException;

    private static IEnumerable<string> SentencesOf(Exception error) => error switch
    {
        OptionsValidationException options => options.Failures,
        ConfigurationMistakeException mistake => mistake.Message.Split('\n'),
        ArgumentException argument => [Failure.ToSentence(argument)],
        _ => [error.Message],
    };

    /// <summary>Reports how the command ends.</summary>
    public static int Say(ParseResult parsed, IEnumerable<string> sentences, int exitCode, TextWriter? error = null)
    {
        foreach (var sentence in sentences)
            (error ?? parsed.InvocationConfiguration.Error).WriteLine(Settings.LogsJson(parsed) ? JsonLines.Of(LogLevel.Critical, sentence) : $"registry-index: {HarmlessText.Of(sentence)}");
        return exitCode;
    }
}
