namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// Counts which words the candidates so far had. From this, a search estimates how many more rows it must read to fill its page.
/// </summary>
internal sealed class Tally
{
    private readonly List<(bool Fits, IReadOnlyList<WordFilter> Has)> _tried = [];

    public int Tried => _tried.Count;

    /// <summary>The share of the candidates that fit.</summary>
    public double Rate => ShareOf(_tried.Count(row => row.Fits));

    /// <summary>Counts a candidate.</summary>
    /// <param name="fits">Whether it belongs on the page.</param>
    /// <param name="has">Which of the words that do not rank it has.</param>
    public void Add(bool fits, IReadOnlyList<WordFilter> has) => _tried.Add((fits, has));

    /// <summary>The share of the candidates that have a word.</summary>
    public double RateOf(WordFilter word) => ShareOf(_tried.Count(row => row.Has.Contains(word)));

    /// <summary>Forgets the candidates that do not have the word, because from now on only candidates with the word come.</summary>
    public void Keep(WordFilter word) => _tried.RemoveAll(row => !row.Has.Contains(word));

    private double ShareOf(int rows) => (rows + 1.0) / (Tried + 1);
}
