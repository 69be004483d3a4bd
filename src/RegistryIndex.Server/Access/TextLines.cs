namespace RegistryIndex.Server.Access;

/// <summary>Reads the lines of a file of users or secrets.</summary>
internal static class TextLines
{
    private const int MostShown = 10;

    /// <summary>Returns the lines that are not blank, trimmed and with their numbers; handles a byte order mark and any kind of line end.</summary>
    public static IEnumerable<(int Number, string Line)> Of(byte[] content) => Of(new StreamReader(new MemoryStream(content)));

    /// <inheritdoc cref="Of(byte[])"/>
    public static IEnumerable<(int Number, string Line)> Of(string text) => Of(new StringReader(text));

    private static IEnumerable<(int Number, string Line)> Of(TextReader text)
    {
        using var reader = text;
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Trim() is { Length: > 0 } trimmed)
                yield return (number, trimmed);
        }
    }

    /// <summary>Formats line numbers for a message, as the lines themselves may be secret.</summary>
    public static string Shown(IReadOnlyList<int> numbers) =>
        (numbers.Count == 1 ? "line " : "lines ") + string.Join(", ", numbers.Take(MostShown)) + (numbers.Count > MostShown ? $" and {numbers.Count - MostShown} more" : "");
}
