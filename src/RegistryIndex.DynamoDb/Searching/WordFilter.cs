using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// Decides by the name alone whether a repository may have a word that does not rank, so that most rows without the word need not be
/// read. The name itself shows whether it contains the word. The descriptions that contain the word are known once all of its postings
/// have been read. Postings that were read are kept.
/// </summary>
internal sealed class WordFilter
{
    private readonly SearchQuery _word;
    private readonly List<ITierReader> _tiers;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _isDropped;
    private bool _isLookedAt;

    public WordFilter(SearchTables tables, string word)
    {
        _word = SearchQuery.Parse(word);
        // A single ASCII character is found only in names, where it can be seen.
        _tiers = SearchQuery.MatchesSegmentStartsOnly(word) ? [] : [.. tables.TiersOf(word, after: null)];
    }

    /// <summary>The names of all repositories that have the word; null if they have not all been read.</summary>
    public IReadOnlyCollection<string>? All => _tiers.Count > 0 && _tiers.All(tier => tier.IsAtEnd) ? _names : null;

    /// <summary>Whether reading more description postings may be worthwhile.</summary>
    public bool CanReadOn => IsOpen && !_isDropped;

    /// <summary>Whether a look at more description postings may be worthwhile.</summary>
    public bool CanLook => CanReadOn && !_isLookedAt;

    /// <summary>Whether it is still unknown which descriptions contain the word.</summary>
    public bool IsOpen => _tiers is [.., { IsAtEnd: false }];

    /// <summary>Reads the first postings of every tier.</summary>
    public async Task ProbeAsync(RequestLog log, int limit, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_tiers.Select(tier => tier.ReadAsync(log, limit, cancellationToken))).ConfigureAwait(false);
        _tiers.ForEach(Take);
    }

    /// <summary>Reads some more description postings, which is often enough to reach the end of the list.</summary>
    public async Task LookAsync(ReadBudget budget, int limit, double units, CancellationToken cancellationToken)
    {
        _isLookedAt = true;
        await ReadAsync(budget, limit, units, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the description postings to the end, or drops the list when it has cost too much.</summary>
    public async Task ReadOnAsync(ReadBudget budget, int limit, double units, CancellationToken cancellationToken)
    {
        for (var end = budget.Left - units; IsOpen && budget.Left > end; limit = Math.Min(2 * limit, CandidateStream.MostAtOnce))
            await ReadAsync(budget, limit, budget.Left - end, cancellationToken).ConfigureAwait(false);

        _isDropped = IsOpen;
    }

    /// <summary>Whether the repository of that name may have the word. A stale posting may also cause a positive answer.</summary>
    public bool MayHave(string name) => IsOpen || _names.Contains(name) || _word.Rank(name, Folding.Fold(name), "") is not null;

    /// <summary>Whether a repository has the word.</summary>
    public bool Has(Repository repository) => _word.Rank(repository) is not null;

    /// <summary>The words to check in addition to the ranking word. A word that is contained in another word is found with that word.</summary>
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

    private void Take(ITierReader tier)
    {
        while (tier.TryTake(out var posting))
            _names.Add(posting.Name);
    }
}
