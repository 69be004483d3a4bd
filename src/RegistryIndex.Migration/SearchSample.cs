using System.Text;

namespace RegistryIndex.Migration;

/// <summary>
/// Draws searches from the repositories that pass by: pieces of their names and descriptions, one word or two. Of any number
/// it keeps a few, each equally likely; the same repositories give the same searches. Not thread-safe.
/// </summary>
/// <param name="size">How many it keeps at most.</param>
public sealed class SearchSample(int size)
{
    private readonly Random _random = new(6);
    private readonly List<Repository> _drawn = [];
    private long _seen;

    /// <summary>Lets a repository pass by.</summary>
    /// <param name="repository">The repository.</param>
    public void See(Repository repository)
    {
        _seen++;
        if (_drawn.Count < size)
            _drawn.Add(repository);
        else if (_random.NextInt64(_seen) is var place && place < size)
            _drawn[(int)place] = repository;
    }

    /// <summary>The searches and their page sizes; the one for everything is always among them.</summary>
    public IEnumerable<(string Query, int Limit)> Draw() => size == 0
        ? []
        : _drawn.Select((repository, i) => (Query(repository), i % 3 == 0 ? 10 : SearchRequest.DefaultLimit)).Prepend(("", SearchRequest.MaxLimit)).DistinctBy(search => search.Item1);

    private string Query(Repository repository)
    {
        var first = Piece(repository);
        return _random.Next(5) == 0 ? $"{first} {Piece(repository)}" : first;
    }

    // A piece of one word of the name or the description, from one code point to the whole word.
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
