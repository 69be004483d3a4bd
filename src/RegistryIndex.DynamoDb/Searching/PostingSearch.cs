using RegistryIndex.DynamoDb.Postings;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// One search, page after page: the candidates of the ranking word in order, less those that cannot have the other words, each
/// confirmed by its row. What it has read serves its later pages.
/// </summary>
/// <param name="tables">Where to read.</param>
/// <param name="query">What is looked for.</param>
/// <param name="after">Where to start after.</param>
/// <param name="scanBytes">The size of the repository table; 0 where it is not known.</param>
/// <param name="effort">How to go about it.</param>
internal sealed class PostingSearch(SearchTables tables, SearchQuery query, RankKey? after, long scanBytes, SearchEffort effort)
{
    // A page's worth of postings and some that turn out not to count.
    private const int Spare = 7;

    // What a page of a scan may cost, which is only known when it has been read (AWS, "Scan": up to 1 MB).
    private const int MostScanPageBytes = 1 << 20;

    // What a full page of several words may cost yet to find out whether it is the last. Who goes on after one that was finds nothing more.
    private const double EndUnits = 2;

    private readonly SearchQuery _word = query.RankingWord is null ? query : SearchQuery.Parse(query.RankingWord);
    private readonly List<WordFilter> _filters = WordFilter.Of(tables, query);
    private readonly Tally _rows = new();

    // Confirmed, and not yet handed out.
    private readonly Queue<(RankKey Rank, Repository Repository)> _found = new();

    // One that is written meanwhile may come to stand in another place.
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
    private RankKey? _position = after;
    private CandidateStream? _candidates;
    private List<Repository>? _matches;
    private bool _mayScan = scanBytes > 0;

    // The repositories that may fit, where the list of a word that does not rank says so.
    private List<string>? _names;

    // How many candidates have been looked at since a list was last read to its end, and how many of them the lists let pass.
    private int _looked;
    private int _passed;

    /// <summary>What a page of one word may cost besides its rows: then most of its postings are those that no row speaks for. Of several words it may be all there is.</summary>
    public double MostUnitsOfPage(int limit) => _filters.Count > 0 ? double.PositiveInfinity : effort.Stray + (limit * tables.MostRowUnits);

    /// <summary>Whether a request is for the page after the one that was handed out last.</summary>
    public bool GoesOnWith(SearchRequest request) => request.After == _position && request.Query.ToString() == query.ToString();

    /// <summary>Reads a page. It is short where the budget ends.</summary>
    /// <param name="budget">What may be read.</param>
    /// <param name="request">The page.</param>
    /// <param name="wanted">How many repositories are wanted of this page and of those that follow.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<SearchPage> ReadPageAsync(ReadBudget budget, SearchRequest request, int wanted, CancellationToken cancellationToken)
    {
        var candidates = _candidates ?? await BeginAsync(budget, request.Limit, cancellationToken).ConfigureAwait(false);
        while (_matches is null && _found.Count < request.Limit)
        {
            var plan = PlanFor(candidates, budget, wanted - _found.Count);
            switch (plan.Next(effort))
            {
                case SearchStep.Look:
                    await plan.Rarest!.LookAsync(budget, effort.Many, budget.Left - effort.ForCandidates, cancellationToken).ConfigureAwait(false);
                    TakeUp(plan.Rarest);
                    break;
                case SearchStep.ReadList:
                    await plan.Rarest!.ReadOnAsync(budget, effort.Many, Math.Min(plan.ListUnits(effort), budget.Left - effort.ForCandidates), cancellationToken).ConfigureAwait(false);
                    TakeUp(plan.Rarest);
                    break;
                case SearchStep.Rank:
                    await RankAsync(budget, cancellationToken).ConfigureAwait(false);
                    break;
                case SearchStep.Scan:
                    await ScanAsync(budget, plan.ScanUnits, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    if (!await ConfirmAsync(candidates, budget, request.Limit - _found.Count, wanted - _found.Count, cancellationToken).ConfigureAwait(false))
                        return HandOut(request, candidates.IsAtEnd ? null : candidates.Passed);
                    break;
            }
        }

        if (_matches is not null)
            return ToPage(request, _matches);
        var kept = _filters.Count == 0 ? 0 : budget.Left - EndUnits;
        var isMore = _found.Count > request.Limit || await IsMoreAsync(candidates, budget, kept, cancellationToken).ConfigureAwait(false) || !candidates.IsAtEnd;
        return HandOut(request, isMore ? _found.ElementAt(request.Limit - 1).Rank : null);
    }

    private async Task<CandidateStream> BeginAsync(ReadBudget budget, int limit, CancellationToken cancellationToken)
    {
        // A request with many words, or one that has searched before, looks at fewer postings of each.
        var lists = (_filters.Count + 1) * SearchTables.MostTiers;
        var few = (int)Math.Clamp(budget.BytesFor(budget.Left / lists) / Posting.MostBytes, 1, _filters.Count == 0 ? limit + Spare : effort.Few);
        var candidates = new CandidateStream(tables, _word, _position, few);
        await Task.WhenAll([candidates.BeginAsync(budget.Log, cancellationToken), .. _filters.Select(filter => filter.ProbeAsync(budget.Log, few, cancellationToken))]).ConfigureAwait(false);
        TakeUpNames();
        return _candidates = candidates;
    }

    private SearchPlan PlanFor(CandidateStream candidates, ReadBudget budget, int wanted)
    {
        var (scan, isAffordable) = (budget.UnitsOf(scanBytes), budget.Left > effort.ForCandidates);
        var share = (_passed + 1.0) / (_looked + 1);
        return new(wanted, candidates.Left, _rows, isAffordable ? _filters.Where(filter => filter.CanReadOn).MinBy(_rows.RateOf) : null)
        {
            RowUnits = budget.RowUnits,
            PostingUnits = budget.UnitsOf(candidates.BytesOfItem) / share,
            LookUnits = budget.UnitsOf(effort.Many * candidates.BytesOfItem),
            ScanUnits = _mayScan && scan + budget.UnitsOf(MostScanPageBytes) <= budget.LeftOfRequest ? scan : double.PositiveInfinity,
            Names = _names?.Count <= budget.Rows ? _names.Count : null,
        };
    }

    // A list that has been read to the end tells the candidates apart by their names.
    private void TakeUp(WordFilter read)
    {
        if (read.IsOpen)
            return;
        _rows.Keep(read);
        TakeUpNames();
    }

    private void TakeUpNames()
    {
        (_looked, _passed) = (0, 0);
        _names = _filters.Select(filter => filter.All).OfType<IReadOnlyCollection<string>>().MinBy(all => all.Count)?
            .Where(name => _filters.TrueForAll(filter => filter.MayHave(name))).ToList();
    }

    // The size of the table may be some hours old: a scan that turns out much longer is given up.
    private async Task ScanAsync(ReadBudget budget, double units, CancellationToken cancellationToken)
    {
        var least = Math.Max(budget.LeftOfRequest - (2 * units) - 1, budget.UnitsOf(MostScanPageBytes));
        List<Repository> matches = [];
        await foreach (var repository in tables.ScanAsync(budget.Log, cancellationToken).ConfigureAwait(false))
        {
            if (budget.LeftOfRequest < least)
            {
                _mayScan = false;
                return;
            }

            if (query.Rank(repository) is not null)
                matches.Add(repository);
        }

        _matches = matches;
    }

    /// <summary>Reads all rows that may fit, to rank them here.</summary>
    private async Task RankAsync(ReadBudget budget, CancellationToken cancellationToken) =>
        _matches = [.. (await tables.ReadRowsAsync(budget.Log, _names!, (_, row) => row is not null && _filters.TrueForAll(filter => filter.IsOpen || filter.Has(row)), cancellationToken).ConfigureAwait(false)).Values];

    /// <summary>Confirms further candidates, so many that they probably fill the page.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="budget">What may be read.</param>
    /// <param name="wanted">How many repositories this page wants yet.</param>
    /// <param name="wantedInAll">How many this page and those that follow want yet.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there were any, and the budget let them be read.</returns>
    private async Task<bool> ConfirmAsync(CandidateStream candidates, ReadBudget budget, int wanted, int wantedInAll, CancellationToken cancellationToken)
    {
        var most = CountFor(wanted);
        List<RankKey> batch = [];
        while (batch.Count < most && (candidates.Passed is null || batch.Count < budget.Rows))
        {
            // Those at hand cost nothing. Where few of them pass, it may be cheaper to read all that may fit than to look for them here.
            if (_names is not null && candidates.PeekAtHand() is null && PlanFor(candidates, budget, wantedInAll - batch.Count).Next(effort) == SearchStep.Rank)
            {
                await RankAsync(budget, cancellationToken).ConfigureAwait(false);
                return true;
            }

            if (await PeekAsync(candidates, budget, (batch.Count + 1) * budget.MostRowUnits, cancellationToken).ConfigureAwait(false) is not { } next)
                break;
            if (MayFit(next))
                batch.Add(next);
            candidates.Take();
        }

        if (batch.Count == 0)
            return false;
        var rows = await tables.ReadRowsOfAsync(budget.Log, _word, batch, cancellationToken).ConfigureAwait(false);
        foreach (var candidate in batch)
        {
            var row = rows.GetValueOrDefault(candidate.Name);
            var fits = row is not null && _word.Rank(row) == candidate && query.Rank(row) is not null;
            _rows.Add(fits, row is null ? [] : [.. _filters.Where(filter => filter.Has(row))]);
            if (fits && _shown.Add(candidate.Name))
                _found.Enqueue((candidate, row!));
        }

        return true;
    }

    // Of several words the most that probably fill the page; at most twice as many as were tried, as long as there is little to judge by.
    private int CountFor(int wanted) =>
        _filters.Count == 0 ? wanted : (int)Math.Clamp(0.8 * wanted / _rows.Rate, wanted, Math.Max(wanted, _rows.Tried));

    // Whether the lists let a candidate pass.
    private bool MayFit(RankKey candidate)
    {
        var passes = _filters.TrueForAll(filter => filter.MayHave(candidate.Name));
        (_looked, _passed) = (_looked + 1, _passed + (passes ? 1 : 0));
        return passes && !_shown.Contains(candidate.Name);
    }

    // Whether there is another candidate that the lists let pass; those that they do not are passed over. Not where the budget ends.
    private async Task<bool> IsMoreAsync(CandidateStream candidates, ReadBudget budget, double kept, CancellationToken cancellationToken)
    {
        while (await PeekAsync(candidates, budget, kept, cancellationToken).ConfigureAwait(false) is { } next)
        {
            if (MayFit(next))
                return true;
            candidates.Take();
        }

        return false;
    }

    // Who comes back for the next page must have got on a little with this one.
    private static ValueTask<RankKey?> PeekAsync(CandidateStream candidates, ReadBudget budget, double kept, CancellationToken cancellationToken) =>
        candidates.PeekAsync(budget.Log, () => candidates.Passed is null ? double.PositiveInfinity : budget.BytesFor(budget.Left - kept), cancellationToken);

    private SearchPage HandOut(SearchRequest request, RankKey? position)
    {
        List<Repository> page = [];
        while (page.Count < request.Limit && _found.TryDequeue(out var found))
            page.Add(found.Repository);
        _position = position;
        return request.ToPage(page, position);
    }

    private SearchPage ToPage(SearchRequest request, List<Repository> matches)
    {
        var best = new BestRanked(request);
        foreach (var match in matches)
            best.Add(match);
        var page = best.ToPage();
        _position = page.Continuation is null ? null : query.Rank(page.Repositories[^1]);
        return page;
    }
}
