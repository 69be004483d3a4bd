using System.Text.RegularExpressions;

namespace RegistryIndex.Conformance;

/// <summary>The clauses of the index contract (docs/contract.md), as this version of the kit contains them.</summary>
public static partial class Contract
{
    /// <summary>The clauses in order.</summary>
    public static IReadOnlyList<ContractClause> Clauses { get; } = Read();

    private static ContractClause[] Read()
    {
        using var stream = typeof(Contract).Assembly.GetManifestResourceStream("RegistryIndex.Conformance.contract.md")!;
        using var reader = new StreamReader(stream);
        return [.. Clause().Matches(reader.ReadToEnd().ReplaceLineEndings("\n"))
            .Select(match => new ContractClause(match.Groups["number"].Value, Space().Replace(match.Groups["text"].Value.Trim(), " ")))];
    }

    // Matches "- **2.4** …" and the indented lines that follow.
    [GeneratedRegex(@"^- \*\*(?<number>\d+\.\d+)\*\* (?<text>.*(\n  .*)*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Clause();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}

/// <summary>One clause of the contract.</summary>
/// <param name="Number">The number, such as <c>2.4</c>. The meaning of a number never changes.</param>
/// <param name="Text">The text, in Markdown on one line.</param>
public sealed record ContractClause(string Number, string Text);
