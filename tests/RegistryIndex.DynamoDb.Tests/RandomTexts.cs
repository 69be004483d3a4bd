namespace RegistryIndex.DynamoDb.Tests;

/// <summary>Random names, descriptions and queries of few letters, so that they often match and repeat.</summary>
internal sealed class RandomTexts(int seed)
{
    private static readonly string[] NameParts = ["a", "b", "ab", "ba", "aab", "web", "A", "0", "a-b", "a_b", "a.b"];
    private static readonly string[] Words =
    [
        "a", "b", "ab", "aba", "abab", "web", "WEB", "%", "_", "a%b", "a_b", "'", "\"", "\\", "*", "a*", "!", "a!b", "!!",
        "数", "数据", "据数据", "İ", "ı", "ς", "Σσ", "ß", "😀", "😀a", "a😀😀", "\uE000", "é", "e\u0301",
        new string('a', 70), new string('a', 63) + "b", new string('a', 64) + "bc", "x" + new string('a', 66),
    ];

    public Random Random { get; } = new(seed);

    public string Name()
    {
        var segments = Enumerable.Range(0, Random.Next(1, 4)).Select(_ => Pick(NameParts) + (Random.Next(3) == 0 ? Pick(NameParts) : ""));
        return string.Join('/', segments);
    }

    public string? Description() => Random.Next(5) == 0
        ? null
        : string.Join(Pick([" ", "  ", "\t", " \n"]), Enumerable.Range(0, Random.Next(1, 6)).Select(_ => Word()));

    public Repository Repository() => new(Name(), Description());

    /// <summary>A query of some words, most of which are parts of a repository.</summary>
    public string Query(IReadOnlyList<Repository> repositories) =>
        string.Join(' ', Enumerable.Range(0, Random.Next(7) switch { 0 => 0, < 5 => 1, 5 => 2, _ => 3 }).Select(_ => QueryWord(repositories)));

    private string QueryWord(IReadOnlyList<Repository> repositories)
    {
        if (repositories.Count == 0 || Random.Next(4) == 0)
            return Word();
        var one = repositories[Random.Next(repositories.Count)];
        var runes = $"{one.Name} {one.Description}".EnumerateRunes().ToArray();
        var start = Random.Next(runes.Length);
        return Random.Next(12) == 0
            ? string.Concat(runes.Skip(start).Take(Random.Next(1, 80)).TakeWhile(rune => !System.Text.Rune.IsWhiteSpace(rune)))
            : string.Concat(runes.Skip(start).Take(Random.Next(1, 5)));
    }

    private string Word() => Pick(Words) + (Random.Next(3) == 0 ? Pick(Words) : "");

    private string Pick(string[] from) => from[Random.Next(from.Length)];
}
