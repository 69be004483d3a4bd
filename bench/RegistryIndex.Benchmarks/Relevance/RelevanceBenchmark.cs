using System.Globalization;

namespace RegistryIndex.Benchmarks.Relevance;

/// <summary>
/// Measures whether people find what they look for: searches on real names, with expectations that were written beforehand, in the contract's
/// order and in the predecessor's.
/// </summary>
internal static class RelevanceBenchmark
{
    private static readonly (string Name, Func<IReadOnlyList<Repository>, string, IReadOnlyList<string>> Page)[] Compared =
        [("the contract's order", Orders.Contract), ("LIKE, in order of insertion", Orders.Like)];

    /// <exception cref="FormatException">A file has an invalid line.</exception>
    public static void Run(string imagesFile, string searchesFile, TextWriter output)
    {
        Repository[] images = ReadImages(imagesFile);
        var searches = ExpectedSearch.ReadFile(searchesFile);
        var scores = searches.Select(search =>
        {
            var fitting = images.Count(image => search.Fitting.IsMatch(image.Name));
            return Compared.Select(order => Score.Of(search, order.Page(images, search.Query), fitting)).ToArray();
        }).ToArray();

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{images.Length:N0} images, {searches.Count} searches."));
        output.WriteLine();
        output.WriteLine("| order | P@1 | P@3 | named in row 1 | named in rows 1-3 |");
        output.WriteLine("|---|---|---|---|---|");
        for (var order = 0; order < Compared.Length; order++)
        {
            var (name, of) = (Compared[order].Name, scores.Select(each => each[order]).ToArray());
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {of.Average(score => score.First):0.00} | {of.Average(score => score.FirstThree):0.00} | {of.Count(score => score.IsNamedWithin(1))} | {of.Count(score => score.IsNamedWithin(3))} |"));
        }

        output.WriteLine();
        output.WriteLine($"| search | kind | {string.Join(" | ", Compared.Select(order => $"{order.Name}: named row, P@3"))} |");
        output.WriteLine($"|---|---|{string.Concat(Compared.Select(_ => "---|"))}");
        foreach (var (search, of) in searches.Zip(scores))
            output.WriteLine($"| `{search.Query}` | {search.Kind} | {string.Join(" | ", of.Select(score => string.Create(CultureInfo.InvariantCulture, $"{score.NamedRow?.ToString(CultureInfo.InvariantCulture) ?? "–"}, {score.FirstThree:0.00}")))} |");
    }

    private static Repository[] ReadImages(string file)
    {
        Repository[] images = [.. File.ReadLines(file).Select((line, index) => (line, Number: index + 1)).Where(read => read.line.Length > 0).Select(read => Parse(read.Number, read.line))];
        return images.Length > 0 ? images : throw new FormatException($"{file} holds no images.");

        Repository Parse(int number, string line) => line.Split('\t') switch
        {
            [{ Length: > 0 } name] => new(name),
            [{ Length: > 0 } name, var description] => new(name, RepositoryDescription.FromIngest(description)),
            _ => throw new FormatException($"{file}, line {number}: a name is expected, or a name and a description with a tab between them."),
        };
    }
}
