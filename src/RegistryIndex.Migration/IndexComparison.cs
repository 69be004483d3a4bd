using System.Runtime.CompilerServices;

namespace RegistryIndex.Migration;

/// <summary>
/// Finds the differences between two indexes, repository by repository, from their lists in name order. It holds a bounded number of
/// repositories. Both indexes may be written meanwhile: a repository that looks different is read again by name before it counts. If mirrors
/// keep the indexes equal, it is read again for as long as they make progress. Facts are compared only if both indexes keep
/// them. Use an instance once.
/// </summary>
/// <param name="from">The first index.</param>
/// <param name="to">The second index.</param>
/// <param name="time">The clock.</param>
public sealed class IndexComparison(IRegistryIndex from, IRegistryIndex to, TimeProvider time)
{
    private const int AskedAtOnce = 16;
    private const int Portion = 1_000;

    // A mirror copies a change to the other index within milliseconds.
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    // A mirror that lags takes longer. If it makes no progress for this time, it will make none, even on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IndexCapabilities _shared = from.Capabilities & to.Capabilities;
    private bool _isWaitedInVain;

    /// <summary>The number of repositories in the first index.</summary>
    public long InFrom { get; private set; }

    /// <summary>The number of repositories in the second index.</summary>
    public long InTo { get; private set; }

    /// <summary>Whether neither index is being written, so that nothing needs to be read again.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Whether a mirror may still copy changes from one index to the other.</summary>
    public bool IsMirrored { get; init; }

    /// <summary>Receives the number of compared repositories of the first index after each portion.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Called with each repository of the first index.</summary>
    public Action<Repository>? Seen { get; init; }

    /// <summary>Finds all differences. They are in name order, except for repositories written during the comparison.</summary>
    /// <param name="cancellationToken">Cancels the comparison.</param>
    /// <exception cref="RegistryIndexException">One of the indexes failed.</exception>
    public async IAsyncEnumerable<RepositoryDifference> FindAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var portion in MergeAsync(cancellationToken).Chunk(Portion).WithCancellation(cancellationToken))
        {
            foreach (var difference in await AskAgainAsync(portion, cancellationToken))
                yield return difference;
        }
    }

    private async IAsyncEnumerable<RepositoryDifference> MergeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var left = new Reader(from, _shared, cancellationToken);
        await using var right = new Reader(to, _shared, cancellationToken);
        await Task.WhenAll(left.AdvanceAsync(), right.AdvanceAsync());
        while (left.Current is not null || right.Current is not null)
        {
            var order = left.Current is null ? 1 : right.Current is null ? -1 : CodePointOrder.Comparer.Compare(left.Current.Name, right.Current.Name);
            var (ofLeft, ofRight) = (order <= 0 ? left.Current : null, order >= 0 ? right.Current : null);
            if (ofLeft is not null)
            {
                InFrom++;
                if (InFrom % Portion == 0)
                    Progress?.Report(InFrom);
                Seen?.Invoke(ofLeft);
                await left.AdvanceAsync();
            }

            if (ofRight is not null)
            {
                InTo++;
                await right.AdvanceAsync();
            }

            if (ofLeft != ofRight)
                yield return new((ofLeft ?? ofRight)!.Name, ofLeft, ofRight);
        }
    }

    private async Task<IReadOnlyList<RepositoryDifference>> AskAgainAsync(RepositoryDifference[] portion, CancellationToken cancellationToken)
    {
        if (IsSettled)
            return portion;
        Suspect[] suspects = [.. portion.Select(difference => new Suspect(difference))];
        foreach (var pause in Pauses)
            suspects = await AskAsync(suspects, pause, cancellationToken);
        for (var waited = TimeSpan.Zero; IsMirrored && !_isWaitedInVain && suspects.Length > 0;)
        {
            var left = await AskAsync(suspects, Pauses[^1], cancellationToken);
            waited = left.Length < suspects.Length ? TimeSpan.Zero : waited + Pauses[^1];
            suspects = left;
            _isWaitedInVain = waited >= Patience;
        }

        return [.. suspects.Select(suspect => suspect.Last)];
    }

    private async Task<Suspect[]> AskAsync(Suspect[] suspects, TimeSpan pause, CancellationToken cancellationToken)
    {
        if (suspects.Length == 0)
            return suspects;
        await Task.Delay(pause, time, cancellationToken);
        await Parallel.ForEachAsync(suspects, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken }, async (suspect, cancelled) =>
            suspect.See((await from.GetAsync(suspect.Name, cancelled))?.KeptBy(_shared), (await to.GetAsync(suspect.Name, cancelled))?.KeptBy(_shared)));
        return [.. suspects.Where(suspect => suspect.IsDifferent && !(IsMirrored && suspect.IsFollowed))];
    }

    /// <summary>A repository that looked different, and all values that were read for it.</summary>
    private sealed class Suspect(RepositoryDifference first)
    {
        private readonly HashSet<Repository?> _seenInFrom = [first.From];
        private readonly HashSet<Repository?> _seenInTo = [first.To];

        public string Name => Last.Name;

        public RepositoryDifference Last { get; private set; } = first;

        public bool IsDifferent => Last.From != Last.To;

        /// <summary>
        /// Whether one index now has a value that the other had before. Then it follows the other; if the repository is written all the time, the two
        /// never become equal.
        /// </summary>
        public bool IsFollowed { get; private set; }

        public void See(Repository? inFrom, Repository? inTo)
        {
            IsFollowed |= (_seenInTo.Add(inTo) && _seenInFrom.Contains(inTo)) || (_seenInFrom.Add(inFrom) && _seenInTo.Contains(inFrom));
            Last = new(Name, inFrom, inTo);
        }
    }

    /// <summary>Reads the list of one index and checks its order. A wrong order would make everything look different.</summary>
    private sealed class Reader(IRegistryIndex index, IndexCapabilities shared, CancellationToken cancellationToken) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<Repository> _list = index.ListAsync(cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);

        public Repository? Current { get; private set; }

        public async Task AdvanceAsync()
        {
            var before = Current;
            Current = await _list.MoveNextAsync() ? _list.Current.KeptBy(shared) : null;
            if (before is not null && Current is not null && CodePointOrder.Comparer.Compare(before.Name, Current.Name) >= 0)
            {
                throw new RegistryIndexException(index.Provider, "list",
                    $"it lists '{RepositoryName.Shown(before.Name)}' before '{RepositoryName.Shown(Current.Name)}', which is not name order; correct the provider.", mayRetry: false);
            }
        }

        public ValueTask DisposeAsync() => _list.DisposeAsync();
    }
}
