using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// The places where repositories may stand among the results of one word, or in the order of the last push. The best place comes first, and each
/// place comes once. A candidate must be confirmed by the repository's row, because a posting may be newer or older than the row.
/// </summary>
internal sealed class CandidateStream
{
    /// <summary>The largest number of postings in a request.</summary>
    public const int MostAtOnce = 4000;

    private readonly SearchQuery _word;
    private readonly RankKey? _after;
    private readonly SearchOrder _order;
    private readonly Queue<ITierReader> _tiers;
    private int _limit;
    private RankKey? _last;
    private RankKey? _next;
    private RankKey? _unfit;

    /// <param name="tables">The tables to read.</param>
    /// <param name="word">A query of one word, or without words for all names.</param>
    /// <param name="after">The place to start after.</param>
    /// <param name="limit">How many postings of each tier to read at first.</param>
    /// <param name="order">The order of the results.</param>
    public CandidateStream(SearchTables tables, SearchQuery word, RankKey? after, int limit, SearchOrder order = SearchOrder.Relevance)
    {
        (_word, _after, _limit, _order) = (word, after, limit, order);
        _tiers = new(order == SearchOrder.Pushed ? tables.TiersByPush(after) : tables.TiersOf(word.RankingWord, after));
    }

    /// <summary>The place up to which all candidates have been taken; null at the beginning.</summary>
    public RankKey? Passed { get; private set; }

    /// <summary>The largest possible number of remaining candidates; null if not all postings have been read.</summary>
    public int? Left => _tiers.All(tier => tier.IsAtEnd) ? _tiers.Sum(tier => tier.AtHand) + (_next is null ? 0 : 1) : null;

    /// <summary>The average size of the items that are read next, judged by the items read so far.</summary>
    public double BytesOfItem => _tiers.TryPeek(out var tier) ? tier.BytesOfItem : 0;

    /// <summary>Whether there are no more candidates.</summary>
    public bool IsAtEnd => PeekAtHand() is null && _tiers.Count == 0;

    /// <summary>Reads the beginning of every tier concurrently.</summary>
    public Task BeginAsync(RequestLog log, CancellationToken cancellationToken) =>
        Task.WhenAll(_tiers.Select(tier => tier.ReadAsync(log, _limit, cancellationToken)));

    /// <summary>Returns the next candidate without taking it; null at the end, or if more postings would have to be read first.</summary>
    public RankKey? PeekAtHand()
    {
        while (_next is null && _tiers.TryPeek(out var tier))
        {
            if (tier.TryTake(out var posting))
                See(posting);
            else if (tier.IsAtEnd)
                _tiers.Dequeue();
            else
                return null;
        }

        return _next;
    }

    /// <summary>
    /// Returns the next candidate without taking it, and reads as many postings as are needed and allowed; null at
    /// the end or when the allowance is used up.
    /// </summary>
    /// <param name="log">Counts the cost.</param>
    /// <param name="mostBytes">How many bytes of postings may be read now.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask<RankKey?> PeekAsync(RequestLog log, Func<double> mostBytes, CancellationToken cancellationToken)
    {
        while (PeekAtHand() is null && _tiers.TryPeek(out var tier) && mostBytes() / tier.BytesOfItem is >= 1 and var most)
        {
            // Portions grow with the distance, so that deep pages and long runs of unfit postings take few requests.
            await tier.ReadAsync(log, (int)Math.Min(_limit, most), cancellationToken).ConfigureAwait(false);
            _limit = Math.Min(_limit * 2, MostAtOnce);
        }

        return _next;
    }

    /// <summary>Takes the candidate that the last peek returned.</summary>
    public void Take() => (Passed, _last, _next, _unfit) = (_next, _next, null, null);

    private void See(Posting posting)
    {
        var rank = _order == SearchOrder.Pushed ? posting.PushRank : posting.Rank;
        // This is the same place again, from another write attempt, or a place before the start that a cut start key let in.
        if (rank == _last || (_after is { } after && rank <= after))
            return;
        // A place is passed when the postings of all attempts have been read: one posting may fit when another does not.
        if (_unfit is not null && _unfit != rank)
            Passed = _unfit;
        if (Accepts(posting))
            _next = rank;
        else
            _unfit = rank;
    }

    private bool Accepts(Posting posting)
    {
        if (_word.RankingWord is not { } word)
            return true;
        // If the repository has a better place, another posting has it. For the name, this is computed here. The postings of the
        // description carry what is needed to decide.
        if (posting.Tier == 3)
            return posting.AlsoBefore < LengthOf(word);
        return _word.Rank(posting.Name, Folding.Fold(posting.Name), "") == posting.Rank;
    }

    private static int LengthOf(string word) => word.EnumerateRunes().Count();
}
