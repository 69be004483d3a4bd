namespace RegistryIndex.Testing;

/// <summary>The checkout from which the tests were built: its documents and samples.</summary>
public static class Checkout
{
    public static string Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The first fenced block of a language in a document.</summary>
    public static string Snippet(string document, string language) => Snippets(document, language).First();

    /// <summary>All fenced blocks of a language in a document.</summary>
    public static IEnumerable<string> Snippets(string document, string language) =>
        File.ReadAllText(PathOf(document.Split('/'))).Split("```" + language + "\n").Skip(1).Select(rest => rest.Split("```")[0].Trim());

    /// <summary>The lines of a method in a test's source between a comment and <c>// end</c>, as a document shows them.</summary>
    public static string LinesOf(string source, string comment)
    {
        var lines = File.ReadLines(PathOf(source.Split('/')))
            .SkipWhile(line => line.Trim() != $"// {comment}").Skip(1).TakeWhile(line => line.Trim() != "// end");
        return string.Join('\n', lines.Select(line => line.Length > 8 ? line[8..] : line)).Trim();
    }

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "RegistryIndex.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no checkout of RegistryIndex.");
    }
}
