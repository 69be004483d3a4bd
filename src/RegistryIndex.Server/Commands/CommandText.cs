using System.CommandLine;
using System.CommandLine.Parsing;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Commands;

/// <summary>Formats commands as they were typed, so that a user can type them again.</summary>
internal static class CommandText
{
    /// <summary>Returns the whole command, quoted for a shell, with <c>***</c> in place of secrets.</summary>
    public static string CommandOf(ParseResult parsed) =>
        string.Join(' ', parsed.Tokens.Select(token => Quote(token.Type == TokenType.Argument ? Harmless(token.Value) : token.Value)).Prepend("registry-index"));

    // In KEY=VALUE of --set, the key says whether the value is a secret; any other argument may contain a secret, but is not one as a whole.
    private static string Harmless(string value) => value.Split('=', 2) is [var key, var setting] && !key.Contains("://", StringComparison.Ordinal)
        ? $"{key}={Redaction.Redact(key, setting)}"
        : RedactedText.Of(value);

    private static string Quote(string text) =>
        text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:#@%+=,".Contains(character, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
