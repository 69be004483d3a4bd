using System.Globalization;
using RegistryIndex.Testing;

namespace RegistryIndex.Benchmarks;

/// <summary>Generates the same repositories on every run, with names of some 22 characters and descriptions of some 59 code points.</summary>
internal sealed class Corpus
{
    private static readonly string[] Syllables =
        ["ba", "co", "dra", "el", "fin", "gor", "hu", "ix", "jon", "kel", "lim", "mor", "nat", "os", "pra", "qui", "ren", "sol", "tur", "ul", "ven", "wix", "yor", "zan"];

    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(20_26);
    private readonly string[] _words;

    public Corpus() => _words = [.. Enumerable.Range(0, 4_000).Select(_ => string.Concat(Enumerable.Range(0, _random.Next(2, 4)).Select(_ => Syllables[_random.Next(Syllables.Length)])))];

    /// <summary>A term of one repository, independent of their number.</summary>
    public const string Single = "quokka";

    /// <summary>A term of one repository in 10,000.</summary>
    public const string Rare = "zyzzyva";

    /// <summary>A term of one repository in 100.</summary>
    public const string Medium = "mezzanine";

    /// <summary>A term in the descriptions of a quarter of the repositories.</summary>
    public const string Quarter = "runtime";

    /// <summary>A term in the names of a quarter of the repositories.</summary>
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

    /// <summary>The same repositories with facts as a registry of today has them, some 660 bytes of JSON; of one in ten the last push is not known.</summary>
    public IEnumerable<Repository> TakePushed(int count, int laterBySeconds = 0) => Take(count).Select((repository, i) => new Repository(
        repository.Name, repository.Description, UsualFacts.Of(i % 10 == 0 ? null : Begin.AddSeconds((i * 7919L % count) + laterBySeconds))));

    private string Word() => _words[_random.Next(_words.Length)];
}
