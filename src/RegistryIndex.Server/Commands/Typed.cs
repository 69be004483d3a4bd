using System.CommandLine;
using System.CommandLine.Parsing;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Commands;

/// <summary>Commands as somebody typed them, to be typed again.</summary>
internal static class Typed
{
    /// <summary>The whole command, quoted for a shell, with <c>***</c> for the secrets in it.</summary>
    public static string CommandOf(ParseResult parsed) =>
        string.Join(' ', parsed.Tokens.Select(token => Quote(token.Type == TokenType.Argument ? Harmless(token.Value) : token.Value)).Prepend("registry-index"));

    // KEY=VALUE of --set has a key that says whether the value is a secret; whatever else is typed has at most one inside of it.
    private static string Harmless(string value) => value.Split('=', 2) is [var key, var setting] && !key.Contains("://", StringComparison.Ordinal)
        ? $"{key}={Redaction.Redact(key, setting)}"
        : RedactedText.Of(value);

    private static string Quote(string text) =>
        text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:#@%+=,".Contains(character, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
