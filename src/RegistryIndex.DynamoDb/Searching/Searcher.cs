using System.Runtime.CompilerServices;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// Answers searches from the postings: the candidates of the ranking word in order, less those that cannot have the other
/// words, each confirmed by its row.
/// </summary>
internal sealed class Searcher(SearchTables tables, SearchEffort effort)
{
    // A page's worth of postings and some that turn out not to count.
    private const int Spare = 7;

    public async Task<SearchPage> SearchAsync(RequestLog log, SearchRequest request, CancellationToken cancellationToken)
    {
        var query = request.Query;
        var word = query.RankingWord is null ? query : SearchQuery.Parse(query.RankingWord);
        var filters = WordFilter.Of(tables, query);
        var candidates = new CandidateStream(tables, log, word, request.After, filters.Count == 0 ? request.Limit + Spare : effort.Few);
        await Task.WhenAll([candidates.BeginAsync(cancellationToken), .. filters.Select(filter => filter.ProbeAsync(log, effort.Few, cancellationToken))]).ConfigureAwait(false);
        if (!candidates.IsReadToTheEnd)
        {
            if (filters.Where(filter => filter.All?.Count <= effort.Few).MinBy(filter => filter.All!.Count) is { } rare)
                return await RankAllAsync(log, request, rare, filters, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(filters.Select(filter => filter.ReadDescriptionsAsync(log, effort.Many, effort.Budget / 2, cancellationToken))).ConfigureAwait(false);
        }

        return await FillPageAsync(log, request, word, candidates, filters, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All repositories in name order, or the first so many; where nobody says how many, in portions that grow.</summary>
    public async IAsyncEnumerable<Repository> ListAsync(RequestLog log, string? after, int? most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = SearchQuery.Parse(null);
        var left = most ?? int.MaxValue;
        var candidates = new CandidateStream(tables, log, all, after is null ? null : new RankKey(0, "", after), Math.Min(most ?? Batches.MostReads, CandidateStream.MostAtOnce));
        while (left > 0 && await candidates.PeekAsync(() => false, cancellationToken).ConfigureAwait(false) is not null)
        {
            List<RankKey> portion = [];
            while (portion.Count < left && candidates.PeekAtHand() is { } next)
            {
                portion.Add(next);
                candidates.Take();
            }

            foreach (var repository in await ConfirmAsync(log, all, all, portion, cancellationToken).ConfigureAwait(false))
            {
                yield return repository;
                left--;
            }
        }
    }

    private async Task<SearchPage> FillPageAsync(
        RequestLog log, SearchRequest request, SearchQuery word, CandidateStream candidates, List<WordFilter> filters, CancellationToken cancellationToken)
    {
        List<Repository> found = [];
        while (found.Count < request.Limit)
        {
            List<RankKey> batch = [];
            while (batch.Count < request.Limit - found.Count && await NextAsync().ConfigureAwait(false) is { } next)
            {
                batch.Add(next);
                candidates.Take();
            }

            if (batch.Count == 0)
                return request.ToPage(found, candidates.IsAtEnd ? null : candidates.Passed);
            found.AddRange(await ConfirmAsync(log, request.Query, word, batch, cancellationToken).ConfigureAwait(false));
        }

        var end = candidates.Passed;
        await NextAsync().ConfigureAwait(false);
        return request.ToPage(found, candidates.IsAtEnd ? null : end);

        // Finds the next candidate that the filters let pass, and passes over those that they do not; null at the end, or
        // where the page has cost enough.
        async Task<RankKey?> NextAsync()
        {
            while (await candidates.PeekAsync(IsOverBudget, cancellationToken).ConfigureAwait(false) is { } next)
            {
                if (filters.TrueForAll(filter => filter.MayHave(next.Name)))
                    return IsOverBudget() ? null : next;
                candidates.Take();
            }

            return null;
        }

        // Whoever comes back for the next page must have got on a little with this one.
        bool IsOverBudget() => candidates.Passed is not null && log.Units.Read >= effort.Budget;
    }

    /// <summary>Where a word that does not rank is rare: everything that has it is read and ranked here.</summary>
    private async Task<SearchPage> RankAllAsync(
        RequestLog log, SearchRequest request, WordFilter rare, List<WordFilter> filters, CancellationToken cancellationToken)
    {
        var names = rare.All!.Where(name => filters.TrueForAll(filter => filter.MayHave(name)));
        var rows = await tables.ReadRowsAsync(log, names, (_, row) => row is not null && rare.Has(row), cancellationToken).ConfigureAwait(false);
        var best = new BestRanked(request);
        foreach (var row in rows.Values)
            best.Add(row);
        return best.ToPage();
    }

    /// <summary>The repositories that stand where their postings say.</summary>
    private async Task<IEnumerable<Repository>> ConfirmAsync(
        RequestLog log, SearchQuery query, SearchQuery word, List<RankKey> candidates, CancellationToken cancellationToken)
    {
        var places = candidates.ToLookup(candidate => candidate.Name, StringComparer.Ordinal);
        var rows = await tables.ReadRowsAsync(log, candidates.Select(candidate => candidate.Name),
            (name, row) => row is not null && word.Rank(row) is { } rank && places[name].Contains(rank), cancellationToken).ConfigureAwait(false);
        return candidates
            .Where(candidate => rows.TryGetValue(candidate.Name, out var row) && word.Rank(row) == candidate && query.Rank(row) is not null)
            .Select(candidate => rows[candidate.Name]);
    }
}

/// <summary>What a page may cost: one of several words, or of one whose postings mostly no row speaks for.</summary>
/// <param name="Budget">
/// The read units after which it is handed out short. Half of them may go into finding out which descriptions have the
/// words that do not rank.
/// </param>
/// <param name="Few">So many postings of each word are looked at first, and so many repositories may be read to rank them here.</param>
/// <param name="Many">So many postings are read at once where many are needed.</param>
internal sealed record SearchEffort(double Budget = 100, int Few = 100, int Many = 1000);
