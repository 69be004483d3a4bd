using System.Globalization;

namespace RegistryIndex.Benchmarks;

/// <summary>The same repositories on every run: names of some 22 characters, descriptions of some 59 code points.</summary>
internal sealed class Corpus
{
    private static readonly string[] Syllables =
        ["ba", "co", "dra", "el", "fin", "gor", "hu", "ix", "jon", "kel", "lim", "mor", "nat", "os", "pra", "qui", "ren", "sol", "tur", "ul", "ven", "wix", "yor", "zan"];

    private readonly Random _random = new(20_26);
    private readonly string[] _words;

    public Corpus() => _words = [.. Enumerable.Range(0, 4_000).Select(_ => string.Concat(Enumerable.Range(0, _random.Next(2, 4)).Select(_ => Syllables[_random.Next(Syllables.Length)])))];

    /// <summary>In one repository, however many there are.</summary>
    public const string Single = "quokka";

    /// <summary>In one repository of 10,000.</summary>
    public const string Rare = "zyzzyva";

    /// <summary>In one repository of 100.</summary>
    public const string Medium = "mezzanine";

    /// <summary>In a quarter of the repositories, in the description.</summary>
    public const string Quarter = "runtime";

    /// <summary>In a quarter of the repositories, in the name.</summary>
    public const string QuarterOfNames = "service";

    public IEnumerable<Repository> Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{Word()}/{(i % 4 == 1 ? QuarterOfNames : Word())}-{i}");
            var extra = (i == 11 ? Single + " " : "") + (i % 10_000 == 7 ? Rare + " " : "") + (i % 100 == 4 ? Medium + " " : "") + (i % 4 == 0 ? Quarter + " " : "");
            yield return new Repository(name, $"{Word()} {Word()} {extra}{Word()} {Word()} {Word()} {Word()} {Word()}");
        }
    }

    private string Word() => _words[_random.Next(_words.Length)];
}
