using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// Tells by the name alone whether a repository may have a word that does not rank, so that most of those that do not
/// have it need not be read. What is in the name itself is seen there; the descriptions that have the word are read from
/// its postings, as long as they are not too many.
/// </summary>
internal sealed class WordFilter
{
    private readonly SearchQuery _word;
    private readonly List<TierReader> _tiers;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public WordFilter(SearchTables tables, string word)
    {
        _word = SearchQuery.Parse(word);
        Word = word;
        // One ASCII character is only found in names, and there it can be seen.
        _tiers = SearchQuery.MatchesSegmentStartsOnly(word) ? [] : [.. tables.TiersOf(word, after: null)];
    }

    public string Word { get; }

    /// <summary>The names of all repositories that have the word; null where they have not all been read.</summary>
    public IReadOnlyCollection<string>? All => _tiers.Count > 0 && _tiers.All(tier => tier.IsAtEnd) ? _names : null;

    /// <summary>Whether there is no telling for descriptions.</summary>
    public bool IsOpen => _tiers is [.., { IsAtEnd: false }];

    /// <summary>Reads the first postings of every tier.</summary>
    public async Task ProbeAsync(RequestLog log, int limit, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_tiers.Select(tier => tier.ReadAsync(log, limit, cancellationToken))).ConfigureAwait(false);
        _tiers.ForEach(Take);
    }

    /// <summary>Reads on in the descriptions, to the end or until that many read units are spent.</summary>
    public async Task ReadDescriptionsAsync(RequestLog log, int limit, double budget, CancellationToken cancellationToken)
    {
        while (IsOpen && log.Units.Read < budget)
        {
            await _tiers[^1].ReadAsync(log, limit, cancellationToken).ConfigureAwait(false);
            Take(_tiers[^1]);
        }
    }

    /// <summary>Whether a repository of that name may have the word; of a stale posting it may also be said that it does.</summary>
    public bool MayHave(string name) => IsOpen || _names.Contains(name) || _word.Rank(name, Folding.Fold(name), "") is not null;

    /// <summary>Whether a repository has the word.</summary>
    public bool Has(Repository repository) => _word.Rank(repository) is not null;

    /// <summary>The words that are to be checked beside the ranking one: it holds some of the others in itself.</summary>
    public static List<WordFilter> Of(SearchTables tables, SearchQuery query) =>
    [
        .. query.Words
            .Where(word => word != query.RankingWord
                && (SearchQuery.MatchesSegmentStartsOnly(word) || !query.RankingWord!.Contains(word, StringComparison.Ordinal)))
            .Distinct(StringComparer.Ordinal)
            .Select(word => new WordFilter(tables, word)),
    ];

    private void Take(TierReader tier)
    {
        while (tier.TryTake(out var posting))
            _names.Add(posting.Name);
    }
}
