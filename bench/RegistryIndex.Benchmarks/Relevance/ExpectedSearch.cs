using System.Text.RegularExpressions;

namespace RegistryIndex.Benchmarks.Relevance;

/// <summary>A search and its expected results.</summary>
/// <param name="Query">The text that is typed.</param>
/// <param name="Kind">The kind of search, by which results are grouped.</param>
/// <param name="Named">The names that a person looks for. Each of them is a success.</param>
/// <param name="Fitting">The names that fit.</param>
internal sealed record ExpectedSearch(string Query, string Kind, IReadOnlySet<string> Named, Regex Fitting)
{
    /// <summary>
    /// Reads lines of four tab-separated columns: query, kind, names separated by <c>;</c>, and a regular expression. Lines with # are
    /// comments.
    /// </summary>
    /// <exception cref="FormatException">There are no searches, or a line is invalid.</exception>
    public static IReadOnlyList<ExpectedSearch> ReadFile(string file)
    {
        IReadOnlyList<ExpectedSearch> searches =
            [.. File.ReadLines(file).Select((line, index) => (line, Number: index + 1)).Where(read => read.line.Length > 0 && read.line[0] != '#').Select(read => Parse(file, read.Number, read.line))];
        return searches.Count > 0 ? searches : throw new FormatException($"{file} holds no searches.");
    }

    private static ExpectedSearch Parse(string file, int number, string line)
    {
        if (line.Split('\t') is not [var query, var kind, var named, var fitting])
            throw new FormatException($"{file}, line {number}: four columns with tabs between them are expected, query, kind, names and a regular expression.");
        try
        {
            SearchQuery.Parse(query);
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"{file}, line {number}: '{query}' is no query ({error.Message}).", error);
        }

        try
        {
            return new(query, kind, named.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal), new Regex(fitting, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"{file}, line {number}: '{fitting}' is no regular expression ({error.Message}).", error);
        }
    }
}
