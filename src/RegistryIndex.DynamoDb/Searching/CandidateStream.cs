using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// The places where repositories may stand among the results of one word, best first and each once. Whether a repository
/// really stands there its row decides: a posting may be newer or older than the row.
/// </summary>
internal sealed class CandidateStream
{
    /// <summary>The most postings of a request.</summary>
    public const int MostAtOnce = 4000;

    private readonly SearchQuery _word;
    private readonly RankKey? _after;
    private readonly Queue<TierReader> _tiers;
    private int _limit;
    private RankKey? _last;
    private RankKey? _next;
    private RankKey? _unfit;

    /// <param name="tables">Where to read.</param>
    /// <param name="word">A query of one word, or of none for all names.</param>
    /// <param name="after">Where to start after.</param>
    /// <param name="limit">How many postings of each tier to read at first.</param>
    public CandidateStream(SearchTables tables, SearchQuery word, RankKey? after, int limit)
    {
        (_word, _after, _limit) = (word, after, limit);
        _tiers = new(tables.TiersOf(word.RankingWord, after));
    }

    /// <summary>The place up to which everything has been taken or was none to take; null at the beginning.</summary>
    public RankKey? Passed { get; private set; }

    /// <summary>How many candidates are left at most; null where not all postings have been read.</summary>
    public int? Left => _tiers.All(tier => tier.IsAtEnd) ? _tiers.Sum(tier => tier.AtHand) + (_next is null ? 0 : 1) : null;

    /// <summary>The size of the items that are read next, by those that were read.</summary>
    public double BytesOfItem => _tiers.TryPeek(out var tier) ? tier.BytesOfItem : 0;

    /// <summary>Whether there is no further candidate.</summary>
    public bool IsAtEnd => PeekAtHand() is null && _tiers.Count == 0;

    /// <summary>Reads the beginning of every tier, side by side.</summary>
    public Task BeginAsync(RequestLog log, CancellationToken cancellationToken) =>
        Task.WhenAll(_tiers.Select(tier => tier.ReadAsync(log, _limit, cancellationToken)));

    /// <summary>Looks at the next candidate without taking it; null at the end, or where more would have to be read first.</summary>
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

    /// <summary>Looks at the next candidate, reading as much as it takes, or as may be read; null there and at the end.</summary>
    /// <param name="log">Where the cost is counted.</param>
    /// <param name="mostBytes">How many bytes of postings may be read now.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask<RankKey?> PeekAsync(RequestLog log, Func<double> mostBytes, CancellationToken cancellationToken)
    {
        while (PeekAtHand() is null && _tiers.TryPeek(out var tier) && mostBytes() / tier.BytesOfItem is >= 1 and var most)
        {
            // The further somebody reads the larger the portions: deep pages and long runs of unfit postings take few requests.
            await tier.ReadAsync(log, (int)Math.Min(_limit, most), cancellationToken).ConfigureAwait(false);
            _limit = Math.Min(_limit * 2, MostAtOnce);
        }

        return _next;
    }

    /// <summary>Takes the candidate that was looked at.</summary>
    public void Take() => (Passed, _last, _next, _unfit) = (_next, _next, null, null);

    private void See(Posting posting)
    {
        // The same place again, of another write attempt; or before the start, where a cut start key let it in.
        if (posting.Rank == _last || (_after is { } after && posting.Rank <= after))
            return;
        // A place is passed when the postings of all attempts have been seen: one may fit where another does not.
        if (_unfit is not null && _unfit != posting.Rank)
            Passed = _unfit;
        if (Accepts(posting))
            _next = posting.Rank;
        else
            _unfit = posting.Rank;
    }

    private bool Accepts(Posting posting)
    {
        if (_word.RankingWord is not { } word)
            return true;
        // A better place of the same repository is another posting. Of the name that is seen here; the description's
        // postings carry what is needed to know.
        if (posting.Tier == 3)
            return posting.AlsoBefore < LengthOf(word);
        return _word.Rank(posting.Name, Folding.Fold(posting.Name), "") == posting.Rank;
    }

    private static int LengthOf(string word) => word.EnumerateRunes().Count();
}
