using System.Text;

namespace RegistryIndex.Conformance.Model;

/// <summary>Random repositories and queries over small alphabets, so that matches, ties and near misses are common.</summary>
internal sealed class RandomData(int seed)
{
    private static readonly string[] NameParts = ["a", "b", "ab", "ba", "aab", "web", "Web", "app", "APP", "api", "0", "10", "x1", "shop", "ubuntu"];
    private static readonly string[] NameJoints = [".", "_", "-", "--", "__", "/", "/", "/"];

    private static readonly string[] TextParts =
    [
        "a", "b", "ab", "aa", "ba", "web", "Web", "app", "App,", "api", "shop", "10%", "%", "_", "'", "''", "\"", "\\", "*", "a*b", "(x)", "--", ";",
        "ß", "ẞ", "ı", "İ", "i", "I", "ς", "Σ", "σ", "Σίσυφος", "ΣΊΣΥΦΟΣ", "日", "本", "日本", "日本語", "東京", "한국", "é", "e\u0301", "É",
        "😀", "😀😁", "🐳", "𐐀", "𐐨", "\uE000", "\uFFFD", "ﬁ", "Ⅷ", "\u212A", "ſ", "\u212B", "\u00a0", "\t", "\n", "\u2003",
    ];

    private static readonly string[] OddParts = ["a", "b", "ab", "A", "/", "/", "/", "-", "é", "😀", " "];
    private static readonly string[] OddNames = ["-bad", "a//b", "a b", "ünï", "/", "%", "日本/語", "a/", "_x_", "😀"];
    private readonly Random _random = new(seed);

    public string Name()
    {
        var name = new StringBuilder(Pick(NameParts));
        for (var i = _random.Next(4); i > 0; i--)
            name.Append(Pick(NameJoints)).Append(Pick(NameParts));
        return name.ToString();
    }

    /// <summary>Returns a name that breaks the grammar.</summary>
    public string OddName() => Pick(OddNames);

    /// <summary>Returns a text of a few repeated characters. As a name it usually breaks the grammar.</summary>
    public string OddName(int parts) => string.Concat(Enumerable.Range(0, _random.Next(1, parts)).Select(_ => Pick(OddParts))).Trim();

    public string? Description()
    {
        if (Next(5) == 0)
            return null;
        var text = new StringBuilder();
        for (var i = _random.Next(1, 8); i > 0; i--)
            text.Append(Pick(TextParts)).Append(Next(2) == 0 ? " " : "");
        if (Next(20) == 0)
            text.Insert(0, new string('a', _random.Next(60, 80)));
        return RepositoryDescription.FromIngest(text.ToString());
    }

    public Repository Repository() => new(Name(), Description());

    /// <summary>Returns facts whose times are sometimes equal or earlier than before, or null.</summary>
    public RepositoryFacts? Facts() => Next(3) == 0 ? null : new()
    {
        Tag = Pick(["latest", "1.0", "2.0"]),
        DescriptionTag = Next(4) == 0 ? Pick(["edge", "0.9"]) : null,
        TagCount = Next(3),
        Platforms = Next(2) == 0 ? null : ["linux/amd64", .. Enumerable.Range(0, Next(3)).Select(i => $"linux/arm/v{i}")],
        PushedAt = Next(4) == 0 ? null : new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(Next(12)).AddDays(Next(2)),
        IsSigned = Next(4) == 0,
        Title = Next(3) == 0 ? Description() : null,
    };

    /// <summary>Returns a query that is often a part of an existing name or description.</summary>
    public string Query(IReadOnlyList<Repository> there)
    {
        var words = Enumerable.Range(0, Next(8) switch { 0 => 0, < 6 => 1, 6 => 2, _ => 3 }).Select(_ => Word(there));
        return string.Join(Next(5) == 0 ? "  " : " ", words);
    }

    public int Limit() => Next(6) switch { 0 => 1, 1 => 2, 2 => 25, 3 => 100, _ => _random.Next(1, 101) };

    public int Next(int below) => _random.Next(below);

    public T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private string Word(IReadOnlyList<Repository> there)
    {
        if (Next(4) == 0 || there.Count == 0)
            return Pick(TextParts);
        var repository = Pick(there);
        var runes = (Next(2) == 0 ? repository.Name : repository.Description ?? repository.Name).EnumerateRunes().ToArray();
        var start = Next(runes.Length);
        var length = Math.Min(runes.Length - start, Next(30) == 0 ? 70 : _random.Next(1, 7));
        return string.Concat(runes.Skip(start).Take(length));
    }
}
