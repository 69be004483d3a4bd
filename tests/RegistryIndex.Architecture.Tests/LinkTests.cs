using System.Text.RegularExpressions;
using RegistryIndex.Testing;

namespace RegistryIndex.Architecture.Tests;

/// <summary>The links of all documents to files and headings of this repository.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] NotOurs = [".git", "artifacts", "bin", "node_modules", "obj"];

    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading_that_exist()
    {
        var documents = DocumentsOf(Checkout.Root).ToList();
        documents.Should().HaveCountGreaterThan(20);
        documents.SelectMany(FindBroken).Should().BeEmpty();
    }

    private static IEnumerable<string> DocumentsOf(string directory) =>
        Directory.GetFiles(directory, "*.md").Concat(Directory.GetDirectories(directory).Where(inner => !NotOurs.Contains(Path.GetFileName(inner))).SelectMany(DocumentsOf));

    private static IEnumerable<string> FindBroken(string document) =>
        from link in Link().Matches(ProseOf(document)).Select(match => match.Value)
        where !Uri.TryCreate(link, UriKind.Absolute, out _)
        let parts = link.Split('#', 2)
        let target = parts[0].Length == 0 ? document : Path.GetFullPath(parts[0], Path.GetDirectoryName(document)!)
        where !Path.Exists(target) || (parts.Length == 2 && Path.GetExtension(target) == ".md" && !AnchorsOf(target).Contains(parts[1]))
        select $"{Path.GetRelativePath(Checkout.Root, document)}: {link}";

    // As GitHub names them.
    private static IEnumerable<string> AnchorsOf(string document) =>
        Heading().Matches(ProseOf(document)).Select(heading => NotInAnchor().Replace(Link().Replace(heading.Value, "").ToLowerInvariant(), "").Replace(' ', '-'));

    private static string ProseOf(string document) => Code().Replace(File.ReadAllText(document), "");

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<=\]\()[^)\s]+(?=\))")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<=^#+ ).*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
