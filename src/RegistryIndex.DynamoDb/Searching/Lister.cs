using System.Runtime.CompilerServices;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// Lists repositories in name order. A list with a limit reads the postings and confirms each by its row. A list of all repositories scans the
/// table, at a twentieth of the cost. If most of the postings belong to no row, a list with a limit continues with a scan, too.
/// </summary>
internal sealed class Lister(SearchTables tables, int mostInMemory = Lister.MostInMemory)
{
    /// <summary>
    /// How many repositories of a scan are in memory at once: some 50 MB, or a quarter of them with facts. If there are more, the
    /// table is scanned again for the next ones.
    /// </summary>
    public const int MostInMemory = 100_000;

    // How many repositories are read before the first of them is returned.
    private const int MostConfirmed = 1_000;

    // A few requests scan this many rows. The known number of rows may be some hours old: a scan that costs several times as much is given up.
    private const long FewRows = 10_000;
    private const double MostGrowth = 3;

    // How many units orphans may cost before the table is scanned instead, as on a page of a search.
    private const double LeastUnitsWasted = 100;

    /// <summary>Lists all repositories after a name, or the first ones up to a limit.</summary>
    /// <param name="log">Counts the cost.</param>
    /// <param name="after">The name; null at the beginning.</param>
    /// <param name="most">How many repositories to list; null for all.</param>
    /// <param name="rows">The approximate number of rows; 0 if it is unknown.</param>
    /// <param name="scanUnits">The approximate cost of a scan.</param>
    /// <param name="cancellationToken">Cancels the list.</param>
    public async IAsyncEnumerable<Repository> ListAsync(RequestLog log, string? after, int? most, long rows, double scanUnits, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (most is { } left)
        {
            // Scanning a small table costs less than reading many rows by name.
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

    /// <summary>Lists the same repositories by scans alone.</summary>
    public async IAsyncEnumerable<Repository> ScanAsync(RequestLog log, string? after, int? most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var left = most ?? int.MaxValue; left > 0;)
        {
            var (inOrder, isCut) = (await ReadFirstAsync(log, after, left, double.PositiveInfinity, cancellationToken).ConfigureAwait(false))!.Value;
            foreach (var repository in inOrder)
                yield return repository;
            if (!isCut)
                yield break;
            (after, left) = (inOrder[^1].Name, left - inOrder.Length);
        }
    }

    // Returns the first repositories of a scan, in order, and whether there are more; null if the scan costs too much.
    private async Task<(Repository[] InOrder, bool IsCut)?> ReadFirstAsync(RequestLog log, string? after, int portion, double mostUnits, CancellationToken cancellationToken)
    {
        var first = new PriorityQueue<Repository, string>(LastFirst);
        var (weight, cut, begin) = (0, (string?)null, log.Units.Read);
        await foreach (var repository in tables.ScanAsync(log, cancellationToken).ConfigureAwait(false))
        {
            if (log.Units.Read - begin > mostUnits)
                return null;
            if (after is not null && CodePointOrder.Comparer.Compare(repository.Name, after) <= 0)
                continue;
            if (cut is not null && CodePointOrder.Comparer.Compare(repository.Name, cut) > 0)
                continue;
            first.Enqueue(repository, repository.Name);
            weight += WeightOf(repository);
            while (first.Count > portion || (first.Count > 1 && weight > mostInMemory))
            {
                var last = first.Dequeue();
                (weight, cut) = (weight - WeightOf(last), last.Name);
            }
        }

        var inOrder = new Repository[first.Count];
        for (var place = first.Count - 1; place >= 0; place--)
            inOrder[place] = first.Dequeue();
        return (inOrder, cut is not null);
    }

    private static int WeightOf(Repository repository) => repository.Facts is null ? 1 : 4;

    private static readonly IComparer<string> LastFirst = Comparer<string>.Create((left, right) => CodePointOrder.Comparer.Compare(right, left));
}
