using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Model;

/// <summary>
/// Shortens a failing history: it leaves out steps and rows, then simplifies the remaining ones, until nothing gets smaller or the time is up.
/// </summary>
internal sealed class Shrinker(
    (IReadOnlyList<Step> Steps, ExpectationException Problem) failing,
    Func<IReadOnlyList<Step>, Task<(IReadOnlyList<Step> Steps, ExpectationException Problem)?>> tryAsync,
    Func<bool> isTimeUp)
{
    private const int MostForPairs = 16;
    private (IReadOnlyList<Step> Steps, ExpectationException Problem) _failing = failing;

    /// <summary>Whether the shrinking ended because the time was up.</summary>
    public bool WasCut { get; private set; }

    public async Task<(IReadOnlyList<Step> Steps, ExpectationException Problem)> ShrinkAsync()
    {
        IReadOnlyList<Step> before;
        do
        {
            before = _failing.Steps;
            await LeaveOutAsync(() => _failing.Steps, FailsAsync).ConfigureAwait(false);
            for (var i = 0; i < _failing.Steps.Count; i++)
                await SimplifyAsync(i).ConfigureAwait(false);
            await LeaveOutPairsAsync().ConfigureAwait(false);
        }
        while (!WasCut && !ReferenceEquals(before, _failing.Steps));
        return _failing;
    }

    // The failing history may be shorter than the one that was tried, so the items are read again each time.
    private static async Task LeaveOutAsync<T>(Func<IReadOnlyList<T>> items, Func<IReadOnlyList<T>, Task<bool>> failsAsync)
    {
        for (var length = items().Count; length >= 1; length /= 2)
        {
            for (var start = 0; start < items().Count;)
            {
                IReadOnlyList<T> fewer = [.. items().Take(start), .. items().Skip(start + length)];
                if (fewer.Count == 0 || !await failsAsync(fewer).ConfigureAwait(false))
                    start += length;
            }
        }
    }

    // Two steps that undo each other, such as switching to another process and back, can only be left out together.
    private async Task LeaveOutPairsAsync()
    {
        for (var first = 0; first < _failing.Steps.Count && _failing.Steps.Count is > 2 and <= MostForPairs; first++)
        {
            for (var second = first + 1; second < _failing.Steps.Count; second++)
            {
                var (i, j) = (first, second);
                if (await FailsAsync([.. _failing.Steps.Where((_, at) => at != i && at != j)]).ConfigureAwait(false))
                    second = first; // continue with the steps that remain after it
            }
        }
    }

    private async Task SimplifyAsync(int at)
    {
        if (_failing.Steps[at] is ImportStep)
            await LeaveOutAsync(() => (_failing.Steps.ElementAtOrDefault(at) as ImportStep)?.Repositories ?? [], rows => FailsAsync(With(at, (ImportStep)_failing.Steps[at] with { Repositories = rows }))).ConfigureAwait(false);
        while (at < _failing.Steps.Count && await HasSimplerAsync(at).ConfigureAwait(false))
        {
            // Repeat until no simpler step fails.
        }
    }

    private async Task<bool> HasSimplerAsync(int at)
    {
        foreach (var simpler in _failing.Steps[at].Simpler())
        {
            if (await FailsAsync(With(at, simpler)).ConfigureAwait(false))
                return true;
        }

        return false;
    }

    private IReadOnlyList<Step> With(int at, Step step) => [.. _failing.Steps.Take(at), step, .. _failing.Steps.Skip(at + 1)];

    private async Task<bool> FailsAsync(IReadOnlyList<Step> candidate)
    {
        WasCut |= isTimeUp();
        if (WasCut || await tryAsync(candidate).ConfigureAwait(false) is not { } found)
            return false;
        _failing = found;
        return true;
    }
}
