using System.Text;

namespace RegistryIndex.Migration;

/// <summary>
/// Creates searches from the repositories that it sees: parts of their names and descriptions, with one word or two. It keeps
/// a few, each equally likely, of any number. The same repositories give the same searches. Not thread-safe.
/// </summary>
/// <param name="size">The maximum number of searches to keep.</param>
public sealed class SearchSample(int size)
{
    private readonly Random _random = new(6);
    private readonly List<Repository> _drawn = [];
    private long _seen;

    /// <summary>Considers a repository for the sample.</summary>
    /// <param name="repository">The repository.</param>
    public void See(Repository repository)
    {
        _seen++;
        if (_drawn.Count < size)
            _drawn.Add(repository);
        else if (_random.NextInt64(_seen) is var place && place < size)
            _drawn[(int)place] = repository;
    }

    /// <summary>Returns the searches and their page sizes. The search for all repositories is always included.</summary>
    public IEnumerable<(string Query, int Limit)> Draw() => size == 0
        ? []
        : _drawn.Select((repository, i) => (Query(repository), i % 3 == 0 ? 10 : SearchRequest.DefaultLimit)).Prepend(("", SearchRequest.MaxLimit)).DistinctBy(search => search.Item1);

    private string Query(Repository repository)
    {
        var first = Piece(repository);
        return _random.Next(5) == 0 ? $"{first} {Piece(repository)}" : first;
    }

    // Returns a part of one word of the name or the description, from one code point to the whole word.
    private string Piece(Repository repository)
    {
        var text = repository.Description is null || _random.Next(2) == 0 ? repository.Name : repository.Description;
        var words = Folding.Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return "";
        var runes = words[_random.Next(words.Length)].EnumerateRunes().Take(100).ToArray();
        var start = _random.Next(runes.Length);
        var piece = new StringBuilder();
        foreach (var rune in runes.Skip(start).Take(_random.Next(1, Math.Min(12, runes.Length - start) + 1)))
            piece.Append(rune);
        return piece.ToString();
    }
}
