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
    private const double LookUnits = 2;

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
                case SearchStep.ReadList:
                    await ReadListAsync(budget, plan, cancellationToken).ConfigureAwait(false);
                    break;
                case SearchStep.Scan:
                    await ScanAsync(budget, plan.ScanUnits, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    if (!await ConfirmAsync(candidates, budget, request.Limit - _found.Count, cancellationToken).ConfigureAwait(false))
                        return HandOut(request, candidates.IsAtEnd ? null : candidates.Passed);
                    break;
            }
        }

        if (_matches is not null)
            return Rank(request, _matches);
        var kept = _filters.Count == 0 ? 0 : budget.Left - LookUnits;
        var isMore = _found.Count > request.Limit || await NextAsync(candidates, budget, kept, cancellationToken).ConfigureAwait(false) is not null || !candidates.IsAtEnd;
        return HandOut(request, isMore ? _found.ElementAt(request.Limit - 1).Rank : null);
    }

    private async Task<CandidateStream> BeginAsync(ReadBudget budget, int limit, CancellationToken cancellationToken)
    {
        // A request with many words, or one that has searched before, looks at fewer postings of each.
        var lists = (_filters.Count + 1) * SearchTables.MostTiers;
        var few = (int)Math.Clamp(budget.BytesFor(budget.Left / lists) / Posting.MostBytes, 1, _filters.Count == 0 ? limit + Spare : effort.Few);
        var candidates = new CandidateStream(tables, _word, _position, few);
        await Task.WhenAll([candidates.BeginAsync(budget.Log, cancellationToken), .. _filters.Select(filter => filter.ProbeAsync(budget.Log, few, cancellationToken))]).ConfigureAwait(false);
        if (candidates.Left is null && _filters.Where(filter => filter.All is not null).MinBy(filter => filter.All!.Count) is { } rarest)
            await RankAllAsync(rarest, effort.Few, budget, cancellationToken).ConfigureAwait(false);
        return _candidates = candidates;
    }

    private SearchPlan PlanFor(CandidateStream candidates, ReadBudget budget, int wanted)
    {
        var scan = budget.UnitsOf(scanBytes);
        var isAffordable = budget.Left > effort.ForCandidates;
        return new(wanted, candidates.Left, _rows, isAffordable ? _filters.Where(filter => filter.CanReadOn).MinBy(_rows.RateOf) : null,
            budget.RowUnits, _mayScan && scan + budget.UnitsOf(MostScanPageBytes) <= budget.LeftOfRequest ? scan : double.PositiveInfinity);
    }

    private async Task ReadListAsync(ReadBudget budget, SearchPlan plan, CancellationToken cancellationToken)
    {
        var units = Math.Min(plan.ListUnits(effort), budget.Left - effort.ForCandidates);
        if (!await plan.Rarest!.ReadOnAsync(budget, effort.Many, units, cancellationToken).ConfigureAwait(false))
            return;
        _rows.Keep(plan.Rarest);
        await RankAllAsync(plan.Rarest, 2 * effort.Few, budget, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Where a word that does not rank is rare: everything that has it is read, and ranked here.</summary>
    private async Task RankAllAsync(WordFilter rare, int most, ReadBudget budget, CancellationToken cancellationToken)
    {
        var names = (rare.All ?? []).Where(name => _filters.TrueForAll(filter => filter.MayHave(name))).ToList();
        if (rare.All is null || names.Count > Math.Min(most, budget.Rows))
            return;
        var rows = await tables.ReadRowsAsync(budget.Log, names, (_, row) => row is not null && rare.Has(row), cancellationToken).ConfigureAwait(false);
        _matches = [.. rows.Values];
    }

    /// <summary>Confirms further candidates.</summary>
    /// <returns>Whether there were any, and the budget let them be read.</returns>
    private async Task<bool> ConfirmAsync(CandidateStream candidates, ReadBudget budget, int wanted, CancellationToken cancellationToken)
    {
        var most = CountFor(wanted);
        List<RankKey> batch = [];
        while (batch.Count < most && (candidates.Passed is null || batch.Count < budget.Rows) && await NextAsync(candidates, budget, (batch.Count + 1) * budget.MostRowUnits, cancellationToken).ConfigureAwait(false) is { } next)
        {
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

    // Finds the next candidate that the filters let pass, and passes over those that they do not; null at the end, or where the budget ends.
    private async Task<RankKey?> NextAsync(CandidateStream candidates, ReadBudget budget, double kept, CancellationToken cancellationToken)
    {
        while (await candidates.PeekAsync(budget.Log, MostBytes, cancellationToken).ConfigureAwait(false) is { } next)
        {
            if (!_shown.Contains(next.Name) && _filters.TrueForAll(filter => filter.MayHave(next.Name)))
                return next;
            candidates.Take();
        }

        return null;

        // Who comes back for the next page must have got on a little with this one.
        double MostBytes() => candidates.Passed is null ? double.PositiveInfinity : budget.BytesFor(budget.Left - kept);
    }

    private SearchPage HandOut(SearchRequest request, RankKey? position)
    {
        List<Repository> page = [];
        while (page.Count < request.Limit && _found.TryDequeue(out var found))
            page.Add(found.Repository);
        _position = position;
        return request.ToPage(page, position);
    }

    private SearchPage Rank(SearchRequest request, List<Repository> matches)
    {
        var best = new BestRanked(request);
        foreach (var match in matches)
            best.Add(match);
        var page = best.ToPage();
        _position = page.Continuation is null ? null : query.Rank(page.Repositories[^1]);
        return page;
    }
}
