using RegistryIndex.DynamoDb.Postings;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// One search, page after page. The candidates of the ranking word, or of the last push, come in order; candidates that cannot have the other
/// words are dropped, and each remaining one is confirmed by its row. Later pages reuse what earlier pages have read.
/// </summary>
/// <param name="tables">The tables to read.</param>
/// <param name="first">The first page.</param>
/// <param name="scanBytes">The size of the repository table; 0 if it is unknown.</param>
/// <param name="effort">How much to read, and in which portions.</param>
internal sealed class PostingSearch(SearchTables tables, SearchRequest first, long scanBytes, SearchEffort effort)
{
    // How many postings are read in addition to those of a page, because some turn out not to count.
    private const int Spare = 7;

    // The largest cost of a page of a scan, which is known only after the page was read (AWS, "Scan": up to 1 MB).
    private const int MostScanPageBytes = 1 << 20;

    // How many units a full page of several words may still spend to find out whether it is the last. If it is
    // not found out, the next page may be empty.
    private const double EndUnits = 2;

    private readonly SearchQuery _word = first.Query.RankingWord is null ? first.Query : SearchQuery.Parse(first.Query.RankingWord);
    private readonly List<WordFilter> _filters = WordFilter.Of(tables, first.Query);
    private readonly Tally _rows = new();

    // Confirmed repositories that no page has returned yet.
    private readonly Queue<(RankKey Rank, Repository Repository)> _found = new();

    // A repository that is written during the search may appear in another place.
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
    private RankKey? _position = first.After;
    private CandidateStream? _candidates;
    private List<Repository>? _matches;
    private bool _mayScan = scanBytes > 0;

    // The repositories that may fit, if the list of a word that does not rank has been read to its end.
    private List<string>? _names;

    // How many candidates have been checked since a list was last read to its end, and how many of them passed the lists.
    private int _looked;
    private int _passed;

    /// <summary>
    /// The most units that a page of one word may cost besides its rows. A page that reaches it consists mostly of postings that belong to no
    /// row. With several words there is no such limit.
    /// </summary>
    public double MostUnitsOfPage(int limit) => _filters.Count > 0 ? double.PositiveInfinity : effort.Stray + (limit * tables.MostRowUnits);

    /// <summary>Whether a request is for the page after the one that was returned last.</summary>
    public bool GoesOnWith(SearchRequest request) => request.After == _position && request.Order == first.Order && request.Query.ToString() == first.Query.ToString();

    /// <summary>Reads a page. The page is short if the budget ends.</summary>
    /// <param name="budget">How much may be read.</param>
    /// <param name="request">The page.</param>
    /// <param name="wanted">How many repositories this page and the following ones need.</param>
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
        // A request with many words, or one that has already searched, reads fewer postings of each word.
        var lists = (_filters.Count + 1) * SearchTables.MostTiers;
        var few = (int)Math.Clamp(budget.BytesFor(budget.Left / lists) / Posting.MostBytes, 1, _filters.Count == 0 ? limit + Spare : effort.Few);
        var candidates = new CandidateStream(tables, _word, _position, few, first.Order);
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

    // A list that has been read to its end filters the candidates by name.
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

    // The size of the table may be some hours old. A scan that turns out to be much longer is given up.
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

            if (first.Rank(repository) is not null)
                matches.Add(repository);
        }

        _matches = matches;
    }

    /// <summary>Reads all rows that may fit, to rank them in memory.</summary>
    private async Task RankAsync(ReadBudget budget, CancellationToken cancellationToken) =>
        _matches = [.. (await tables.ReadRowsAsync(budget.Log, _names!, (_, row) => row is not null && _filters.TrueForAll(filter => filter.IsOpen || filter.Has(row)), cancellationToken).ConfigureAwait(false)).Values];

    /// <summary>Confirms more candidates, as many as will probably fill the page.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="budget">How much may be read.</param>
    /// <param name="wanted">How many repositories this page still needs.</param>
    /// <param name="wantedInAll">How many repositories this page and the following ones still need.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether there were candidates and the budget allowed reading them.</returns>
    private async Task<bool> ConfirmAsync(CandidateStream candidates, ReadBudget budget, int wanted, int wantedInAll, CancellationToken cancellationToken)
    {
        var most = CountFor(wanted);
        List<RankKey> batch = [];
        while (batch.Count < most && (candidates.Passed is null || batch.Count < budget.Rows))
        {
            // Candidates that have been read cost nothing. If few of them pass, reading all rows that may fit may
            // be cheaper than reading more candidates.
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
        var rows = await tables.ReadRowsOfAsync(budget.Log, batch, IsExpected, cancellationToken).ConfigureAwait(false);
        foreach (var candidate in batch)
        {
            var row = rows.GetValueOrDefault(candidate.Name);
            var fits = row is not null && RankOf(row) == candidate && first.Query.Rank(row) is not null;
            _rows.Add(fits, row is null ? [] : [.. _filters.Where(filter => filter.Has(row))]);
            if (fits && _shown.Add(candidate.Name))
                _found.Enqueue((candidate, row!));
        }

        return true;
    }

    private bool IsByPush => first.Order == SearchOrder.Pushed;

    private RankKey? RankOf(Repository row) => IsByPush ? first.Rank(row) : _word.Rank(row);

    // A name without a push posting comes after the names that have one. If a row has a later push than the
    // posting says, the posting is the older one.
    private bool IsExpected(Repository row, RankKey candidate) => RankOf(row) is { } rank && (rank == candidate || (IsByPush && rank < candidate));

    // With several words, and in the order of the last push, many of the last candidates do not count. So this asks for as many as will probably
    // fill the page, but at most for twice as many as were tried, while there is little to judge by.
    private int CountFor(int wanted) =>
        _filters.Count == 0 && !IsByPush ? wanted : (int)Math.Clamp(0.8 * wanted / _rows.Rate, wanted, Math.Max(wanted, _rows.Tried));

    // Whether a candidate passes the lists.
    private bool MayFit(RankKey candidate)
    {
        var passes = _filters.TrueForAll(filter => filter.MayHave(candidate.Name));
        (_looked, _passed) = (_looked + 1, _passed + (passes ? 1 : 0));
        return passes && !_shown.Contains(candidate.Name);
    }

    // Whether another candidate passes the lists; the candidates before it are skipped. False if the budget ends.
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

    // The first read is always allowed, so that each page makes progress.
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
        _position = page.Continuation is null ? null : first.Rank(page.Repositories[^1]);
        return page;
    }
}
