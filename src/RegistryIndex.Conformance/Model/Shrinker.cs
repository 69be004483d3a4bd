using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Model;

/// <summary>Makes a failing history short: leaves steps out, then makes those that remain simpler, as long as it still fails.</summary>
internal static class Shrinker
{
    public static async Task<(IReadOnlyList<Step> Steps, ExpectationException Problem)> ShrinkAsync(
        (IReadOnlyList<Step> Steps, ExpectationException Problem) failing,
        Func<IReadOnlyList<Step>, Task<(IReadOnlyList<Step> Steps, ExpectationException Problem)?>> tryAsync,
        CancellationToken cancellation)
    {
        while (await FindSmallerAsync().ConfigureAwait(false) is { } smaller)
            failing = smaller;
        return failing;

        async Task<(IReadOnlyList<Step>, ExpectationException)?> FindSmallerAsync()
        {
            foreach (var candidate in Candidates(failing.Steps))
            {
                cancellation.ThrowIfCancellationRequested();
                if (await tryAsync(candidate).ConfigureAwait(false) is { } found)
                    return found;
            }

            return null;
        }
    }

    private static IEnumerable<IReadOnlyList<Step>> Candidates(IReadOnlyList<Step> steps)
    {
        foreach (var fewer in Simplify.List(steps).Where(fewer => fewer.Count > 0))
            yield return fewer;
        for (var i = 0; i < steps.Count; i++)
        {
            foreach (var simpler in steps[i].Simpler())
                yield return [.. steps.Take(i), simpler, .. steps.Skip(i + 1)];
        }
    }
}
