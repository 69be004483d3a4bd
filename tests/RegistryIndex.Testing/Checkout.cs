namespace RegistryIndex.Testing;

/// <summary>The checkout the tests were built from: its documents and samples.</summary>
public static class Checkout
{
    public static string Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The first fenced block of a language in a document.</summary>
    public static string Snippet(string document, string language) => Snippets(document, language).First();

    /// <summary>All fenced blocks of a language in a document.</summary>
    public static IEnumerable<string> Snippets(string document, string language) =>
        File.ReadAllText(PathOf(document.Split('/'))).Split("```" + language + "\n").Skip(1).Select(rest => rest.Split("```")[0].Trim());


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
