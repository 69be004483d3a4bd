using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// Tells by the name alone whether a repository may have a word that does not rank, so that most of those that do not
/// have it need not be read. What is in the name itself is seen there; the descriptions that have the word are known once
/// all of its postings have been read. What was read is kept.
/// </summary>
internal sealed class WordFilter
{
    private readonly SearchQuery _word;
    private readonly List<TierReader> _tiers;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _isDropped;
    private bool _isLookedAt;

    public WordFilter(SearchTables tables, string word)
    {
        _word = SearchQuery.Parse(word);
        // One ASCII character is only found in names, and there it can be seen.
        _tiers = SearchQuery.MatchesSegmentStartsOnly(word) ? [] : [.. tables.TiersOf(word, after: null)];
    }

    /// <summary>The names of all repositories that have the word; null where they have not all been read.</summary>
    public IReadOnlyCollection<string>? All => _tiers.Count > 0 && _tiers.All(tier => tier.IsAtEnd) ? _names : null;

    /// <summary>Whether it may be worth to read on in the descriptions.</summary>
    public bool CanReadOn => IsOpen && !_isDropped;

    /// <summary>Whether a look at more of the descriptions may be worth it.</summary>
    public bool CanLook => CanReadOn && !_isLookedAt;

    /// <summary>Whether there is no telling for descriptions.</summary>
    public bool IsOpen => _tiers is [.., { IsAtEnd: false }];

    /// <summary>Reads the first postings of every tier.</summary>
    public async Task ProbeAsync(RequestLog log, int limit, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_tiers.Select(tier => tier.ReadAsync(log, limit, cancellationToken))).ConfigureAwait(false);
        _tiers.ForEach(Take);
    }

    /// <summary>Reads on a little in the descriptions, which many a list ends in.</summary>
    public async Task LookAsync(ReadBudget budget, int limit, double units, CancellationToken cancellationToken)
    {
        _isLookedAt = true;
        await ReadAsync(budget, limit, units, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads on in the descriptions to the end, or drops the list once it has cost too much.</summary>
    public async Task ReadOnAsync(ReadBudget budget, int limit, double units, CancellationToken cancellationToken)
    {
        for (var end = budget.Left - units; IsOpen && budget.Left > end; limit = Math.Min(2 * limit, CandidateStream.MostAtOnce))
            await ReadAsync(budget, limit, budget.Left - end, cancellationToken).ConfigureAwait(false);

        _isDropped = IsOpen;
    }

    /// <summary>Whether a repository of that name may have the word; of a stale posting it may also be said that it does.</summary>
    public bool MayHave(string name) => IsOpen || _names.Contains(name) || _word.Rank(name, Folding.Fold(name), "") is not null;

    /// <summary>Whether a repository has the word.</summary>
    public bool Has(Repository repository) => _word.Rank(repository) is not null;

    /// <summary>The words that are to be checked beside the ranking one: a word that another one holds in itself is found with it.</summary>
    public static List<WordFilter> Of(SearchTables tables, SearchQuery query)
    {
        var words = query.Words.Distinct(StringComparer.Ordinal).ToList();
        return
        [
            .. words
                .Where(word => word != query.RankingWord
                    && (SearchQuery.MatchesSegmentStartsOnly(word) || !words.Exists(other => other != word && other.Contains(word, StringComparison.Ordinal))))
                .Select(word => new WordFilter(tables, word)),
        ];
    }

    private async Task ReadAsync(ReadBudget budget, int limit, double units, CancellationToken cancellationToken)
    {
        var descriptions = _tiers[^1];
        var most = Math.Max(1, budget.BytesFor(units) / descriptions.BytesOfItem);
        await descriptions.ReadAsync(budget.Log, (int)Math.Min(limit, most), cancellationToken).ConfigureAwait(false);
        Take(descriptions);
    }

    private void Take(TierReader tier)
    {
        while (tier.TryTake(out var posting))
            _names.Add(posting.Name);
    }
}
