using System.Runtime.CompilerServices;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// Lists repositories in name order: the first so many from the postings, each confirmed by its row, and all of them from a scan, at a
/// twentieth of the cost. Where the postings are mostly such that no row speaks for, a scan goes on, too.
/// </summary>
internal sealed class Lister(SearchTables tables, int mostInMemory = Lister.MostInMemory)
{
    /// <summary>How many repositories of a scan are in memory at once, some 50 MB; where there are more, the table is scanned again for the next.</summary>
    public const int MostInMemory = 100_000;

    // What is read before the first of them is handed out.
    private const int MostConfirmed = 1_000;

    // So few rows are scanned in a few requests. What is known of their number may be some hours old: a scan that costs several times as much is given up.
    private const long FewRows = 10_000;
    private const double MostGrowth = 3;

    // What orphans may cost before the table is scanned instead, as on a page of a search.
    private const double LeastUnitsWasted = 100;

    /// <summary>All repositories after a name, or the first so many.</summary>
    /// <param name="log">Where the cost is counted.</param>
    /// <param name="after">The name; null at the beginning.</param>
    /// <param name="most">How many; null for all.</param>
    /// <param name="rows">About how many rows there are; 0 where that is not known.</param>
    /// <param name="scanUnits">About what a scan costs.</param>
    /// <param name="cancellationToken">Cancels the list.</param>
    public async IAsyncEnumerable<Repository> ListAsync(RequestLog log, string? after, int? most, long rows, double scanUnits, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (most is { } left)
        {
            // Of a small table all rows cost less than many by their names.
            if (rows is > 0 and <= FewRows && 2 * scanUnits <= left * tables.RowUnits
                && await ReadFirstAsync(log, after, left, MostGrowth * scanUnits, cancellationToken).ConfigureAwait(false) is var (inOrder, _))
            {
                foreach (var repository in inOrder)
                    yield return repository;
                yield break;
            }

            var (all, wasted) = (SearchQuery.Parse(null), 0.0);
            var candidates = new CandidateStream(tables, all, after is null ? null : new RankKey(0, "", after), Math.Min(left, MostConfirmed));
            while (wasted < Math.Max(LeastUnitsWasted, scanUnits))
            {
                if (left == 0 || await candidates.PeekAsync(log, () => double.PositiveInfinity, cancellationToken).ConfigureAwait(false) is null)
                    yield break;
                List<string> names = [];
                while (names.Count < Math.Min(left, MostConfirmed) && candidates.PeekAtHand() is { } next)
                {
                    names.Add(next.Name);
                    candidates.Take();
                }

                var read = await tables.ReadRowsAsync(log, names, (_, row) => row is not null, cancellationToken).ConfigureAwait(false);
                foreach (var row in names.Select(name => read.GetValueOrDefault(name)).OfType<Repository>())
                {
                    yield return row;
                    left--;
                }

                (after, wasted) = (names[^1], wasted + ((names.Count - read.Count) * tables.MostRowUnits));
            }

            most = left;
        }

        await foreach (var repository in ScanAsync(log, after, most, cancellationToken).ConfigureAwait(false))
            yield return repository;
    }

    /// <summary>The same from scans alone.</summary>
    public async IAsyncEnumerable<Repository> ScanAsync(RequestLog log, string? after, int? most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var left = most ?? int.MaxValue; left > 0;)
        {
            var (inOrder, isCut) = (await ReadFirstAsync(log, after, Math.Min(left, mostInMemory), double.PositiveInfinity, cancellationToken).ConfigureAwait(false))!.Value;
            foreach (var repository in inOrder)
                yield return repository;
            if (!isCut)
                yield break;
            (after, left) = (inOrder[^1].Name, left - inOrder.Length);
        }
    }

    // The first so many of a scan, in order, and whether there are more; null where that costs too much.
    private async Task<(Repository[] InOrder, bool IsCut)?> ReadFirstAsync(RequestLog log, string? after, int portion, double mostUnits, CancellationToken cancellationToken)
    {
        var first = new PriorityQueue<Repository, string>(LastFirst);
        var (isCut, begin) = (false, log.Units.Read);
        await foreach (var repository in tables.ScanAsync(log, cancellationToken).ConfigureAwait(false))
        {
            if (log.Units.Read - begin > mostUnits)
                return null;
            if (after is not null && CodePointOrder.Comparer.Compare(repository.Name, after) <= 0)
                continue;
            if (first.Count < portion)
                first.Enqueue(repository, repository.Name);
            else
                (_, isCut) = (first.EnqueueDequeue(repository, repository.Name), true);
        }

        var inOrder = new Repository[first.Count];
        for (var place = first.Count - 1; place >= 0; place--)
            inOrder[place] = first.Dequeue();
        return (inOrder, isCut);
    }

    private static readonly IComparer<string> LastFirst = Comparer<string>.Create((left, right) => CodePointOrder.Comparer.Compare(right, left));
}
