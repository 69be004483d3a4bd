using System.Text.RegularExpressions;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Configuration;

/// <summary>The settings in the tables of the documents.</summary>
internal static partial class DocumentedSettings
{
    public static IReadOnlyList<string> Keys { get; } = [.. Read("configuration.md").Concat(Read("dynamodb.md")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Also those that are named elsewhere: distribution's own block, and the settings of docker-registry's variables.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Keys.Concat(OfBlock()).Concat(OfVariables()).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static string Configuration => File.ReadAllText(Checkout.PathOf("docs", "configuration.md"));

    private static IEnumerable<string> OfBlock() => Block().Matches(Configuration).SelectMany(block => block.Groups[2].Value.Split(',').Select(key => $"storage:{block.Groups[1].Value}:{key.Trim()}"));

    private static IEnumerable<string> OfVariables() => Variable().Matches(Configuration).Select(variable => variable.Groups[1].Value);

    // A table of keys begins with a row "| Key |". The keys of DynamoDB are below extensions:dynamodb_index.
    private static IEnumerable<string> Read(string document)
    {
        var (isOfKeys, section) = (false, "");
        foreach (var line in File.ReadLines(Checkout.PathOf("docs", document)))
        {
            if (line.StartsWith("| Key |", StringComparison.OrdinalIgnoreCase))
                (isOfKeys, section) = (true, document == "dynamodb.md" || line.Contains("Where it is not set", StringComparison.Ordinal) ? "extensions:dynamodb_index:" : "");
            else if (!line.StartsWith('|'))
                isOfKeys = false;
            if (!isOfKeys)
                continue;
            foreach (Match key in Key().Matches(line.Split('|')[1]))
                yield return section + key.Groups[1].Value;
        }
    }

    [GeneratedRegex("`([a-z0-9_:]+)`")]
    private static partial Regex Key();

    [GeneratedRegex("`storage: { ([a-z0-9]+): { ([a-z, ]+) } }`")]
    private static partial Regex Block();

    [GeneratedRegex("`(DYNAMODB_[A-Z_]+)`")]
    private static partial Regex Variable();
}
