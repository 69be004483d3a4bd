namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// What the rows of the candidates so far turned out to have. From this a search tells how many more it would have to read to
/// fill its page.
/// </summary>
internal sealed class Tally
{
    private readonly List<(bool Fits, IReadOnlyList<WordFilter> Has)> _tried = [];

    public int Tried => _tried.Count;

    /// <summary>The share of the candidates that fits.</summary>
    public double Rate => ShareOf(_tried.Count(row => row.Fits));

    /// <summary>Takes note of a candidate.</summary>
    /// <param name="fits">Whether it belongs on the page.</param>
    /// <param name="has">Which of the words it has that do not rank.</param>
    public void Add(bool fits, IReadOnlyList<WordFilter> has) => _tried.Add((fits, has));

    /// <summary>The share of the candidates that has a word.</summary>
    public double RateOf(WordFilter word) => ShareOf(_tried.Count(row => row.Has.Contains(word)));

    /// <summary>From now on only candidates come that have the word: forgets all others.</summary>
    public void Keep(WordFilter word) => _tried.RemoveAll(row => !row.Has.Contains(word));

    private double ShareOf(int rows) => (rows + 1.0) / (Tried + 1);
}
