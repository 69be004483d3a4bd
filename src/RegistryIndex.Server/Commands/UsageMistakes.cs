using System.CommandLine;
using System.CommandLine.Parsing;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Commands;

/// <summary>Describes mistakes in the arguments of the process, in sentences.</summary>
internal static class UsageMistakes
{
    private const string Program = "registry-index";

    /// <summary>Returns the mistakes; none when the arguments are valid.</summary>
    public static IReadOnlyList<string> Find(ParseResult parsed)
    {
        if (FindUnknownOption(parsed) is { } option)
            return [OfOption(parsed, option)];
        if (parsed.UnmatchedTokens is [var unmatched, ..])
            return [OfArgument(parsed.CommandResult.Command, unmatched)];
        return [.. parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal)];
    }

    private static string OfOption(ParseResult parsed, string option)
    {
        var command = parsed.CommandResult.Command;
        var written = option.Split('=', 2)[0]; // the text after it may be a secret
        var known = OptionsOf(parsed).SelectMany(one => one.Aliases.Prepend(one.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal));
        var sentence = $"'{RepositoryName.Shown(written)}' is not an option of {(command is RootCommand ? Program : command.Name)}: ";
        if (Spelling.FindNearest(written, known) is { } nearest)
            return $"{sentence}did you mean {nearest}?";
        return $"{sentence}see {(command is RootCommand ? Program : $"{Program} {command.Name}")} --help{(command.Arguments.Count > 0 ? "; a word that begins with '-' comes after '--'" : "")}.";
    }

    private static string OfArgument(Command command, string argument)
    {
        var shown = RepositoryName.Shown(RedactedText.Of(argument));
        if (command is not RootCommand)
            return $"'{shown}' is one argument more than {command.Name} accepts: remove it, or put it in quotes together with its text.";
        return $"'{shown}' is not a command: {(Spelling.FindNearest(argument, command.Subcommands.Select(known => known.Name)) is { } nearest ? $"did you mean {nearest}?" : $"see {Program} --help.")}";
    }

    // The library treats an unknown option as an argument if the command has any: a typing mistake would be searched for, or deleted.
    private static string? FindUnknownOption(ParseResult parsed)
    {
        var words = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).ToList();
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Where(token => words.Any(word => ReferenceEquals(word, token))).Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(token => token is ['-', _, ..]);
    }

    private static IEnumerable<Option> OptionsOf(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive));
}
