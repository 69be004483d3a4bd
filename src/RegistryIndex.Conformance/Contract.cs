using System.Text.RegularExpressions;

namespace RegistryIndex.Conformance;

/// <summary>The index contract (docs/contract.md), clause by clause, as this version of the kit carries it.</summary>
public static partial class Contract
{
    /// <summary>The clauses in their order.</summary>
    public static IReadOnlyList<ContractClause> Clauses { get; } = Read();

    private static ContractClause[] Read()
    {
        using var stream = typeof(Contract).Assembly.GetManifestResourceStream("RegistryIndex.Conformance.contract.md")!;
        using var reader = new StreamReader(stream);
        return [.. Clause().Matches(reader.ReadToEnd().ReplaceLineEndings("\n"))
            .Select(match => new ContractClause(match.Groups["number"].Value, Space().Replace(match.Groups["text"].Value.Trim(), " ")))];
    }

    // "- **2.4** …", and the lines after it that are indented.
    [GeneratedRegex(@"^- \*\*(?<number>\d+\.\d+)\*\* (?<text>.*(\n  .*)*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Clause();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}

/// <summary>One clause of the contract.</summary>
/// <param name="Number">Its number, such as <c>2.4</c>; a number never changes its meaning.</param>
/// <param name="Text">What it says, in Markdown on one line.</param>
public sealed record ContractClause(string Number, string Text);
