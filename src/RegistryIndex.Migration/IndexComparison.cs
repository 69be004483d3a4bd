using System.Runtime.CompilerServices;

namespace RegistryIndex.Migration;

/// <summary>
/// Finds what two indexes do not agree on, repository by repository, from their lists in name order; holds a bounded number of
/// them. Both may be written meanwhile: what looks different is asked again by name before it counts, and where mirrors keep the
/// two equal, for as long as they bring anything. For one use.
/// </summary>
/// <param name="from">The first.</param>
/// <param name="to">The second.</param>
/// <param name="time">The clock.</param>
public sealed class IndexComparison(IRegistryIndex from, IRegistryIndex to, TimeProvider time)
{
    private const int AskedAtOnce = 16;
    private const int Portion = 1_000;

    // A mirror brings a change to the other side in milliseconds.
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    // One that is behind takes longer; one that has brought nothing for so long, on a machine however busy, will bring nothing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private bool _isWaitedInVain;

    /// <summary>How many repositories the first had.</summary>
    public long InFrom { get; private set; }

    /// <summary>How many repositories the second had.</summary>
    public long InTo { get; private set; }

    /// <summary>Whether nobody writes to either, so that nothing need be asked again.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Whether a mirror may be about to bring to the one what the other says.</summary>
    public bool IsMirrored { get; init; }

    /// <summary>Told how many repositories of the first have been compared, after each portion.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Told of each repository of the first.</summary>
    public Action<Repository>? Seen { get; init; }

    /// <summary>Every difference, in name order but for what was written meanwhile.</summary>
    /// <param name="cancellationToken">Cancels the comparison.</param>
    /// <exception cref="RegistryIndexException">One of the two failed.</exception>
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
        await using var left = new Reader(from, cancellationToken);
        await using var right = new Reader(to, cancellationToken);
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
            suspect.See(await from.GetAsync(suspect.Name, cancelled), await to.GetAsync(suspect.Name, cancelled)));
        return [.. suspects.Where(suspect => suspect.IsDifferent && !(IsMirrored && suspect.IsFollowed))];
    }

    /// <summary>A repository that looked different, and all that was seen of it.</summary>
    private sealed class Suspect(RepositoryDifference first)
    {
        private readonly HashSet<Repository?> _seenInFrom = [first.From];
        private readonly HashSet<Repository?> _seenInTo = [first.To];

        public string Name => Last.Name;

        public RepositoryDifference Last { get; private set; } = first;

        public bool IsDifferent => Last.From != Last.To;

        /// <summary>Whether the one has come to say what the other said before: it follows, and one that is written all the time is never caught up with.</summary>
        public bool IsFollowed { get; private set; }

        public void See(Repository? inFrom, Repository? inTo)
        {
            IsFollowed |= (_seenInTo.Add(inTo) && _seenInFrom.Contains(inTo)) || (_seenInFrom.Add(inFrom) && _seenInTo.Contains(inFrom));
            Last = new(Name, inFrom, inTo);
        }
    }

    /// <summary>The list of one side. A side that listed out of order would make everything look different.</summary>
    private sealed class Reader(IRegistryIndex index, CancellationToken cancellationToken) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<Repository> _list = index.ListAsync(cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);

        public Repository? Current { get; private set; }

        public async Task AdvanceAsync()
        {
            var before = Current;
            Current = await _list.MoveNextAsync() ? _list.Current : null;
            if (before is not null && Current is not null && CodePointOrder.Comparer.Compare(before.Name, Current.Name) >= 0)
            {
                throw new RegistryIndexException(index.Provider, "list",
                    $"it lists '{RepositoryName.Shown(before.Name)}' before '{RepositoryName.Shown(Current.Name)}', which is not name order; correct the backend.", mayRetry: false);
            }
        }

        public ValueTask DisposeAsync() => _list.DisposeAsync();
    }
}
