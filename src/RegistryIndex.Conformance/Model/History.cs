using System.Diagnostics;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Model;

/// <summary>Runs a sequence of steps on a new index. A failing sequence is shrunk before it is reported.</summary>
internal static class History
{
    /// <summary>Runs the steps. Throws a readable error when an answer differs from that of the reference.</summary>
    public static async Task RunAsync(CaseRun run, IReadOnlyList<Step> steps)
    {
        if (await FindFailureAsync(run, steps).ConfigureAwait(false) is not { } failure)
            return;
        var start = Stopwatch.GetTimestamp();
        var shrinker = new Shrinker(
            ([.. steps.Take(failure.At + 1)], failure.Problem),
            async candidate => await FindFailureAsync(run, candidate).ConfigureAwait(false) is { } found ? ([.. candidate.Take(found.At + 1)], found.Problem) : null,
            () => Stopwatch.GetElapsedTime(start) > run.ShrinkingTime);
        var (least, problem) = await shrinker.ShrinkAsync().ConfigureAwait(false);
        string[] cut = shrinker.WasCut ? [$"(perhaps not the shortest: after {run.ShrinkingTime.TotalSeconds:0} seconds no more was left out)"] : [];
        throw new ExpectationException(problem.Expected, problem.Came, [.. least.Select((step, i) => $"{i + 1}. {step.Tell(problem.Border)}"), .. problem.Done ?? [], .. cut]);
    }

    private static async Task<(int At, ExpectationException Problem)?> FindFailureAsync(CaseRun run, IReadOnlyList<Step> steps)
    {
        await run.StartAfreshAsync().ConfigureAwait(false);
        var duel = new ReferenceComparison(run, await run.OpenAsync().ConfigureAwait(false));
        for (var i = 0; i < steps.Count; i++)
        {
            try
            {
                await steps[i].RunAsync(duel).ConfigureAwait(false);
            }
            catch (ExpectationException problem)
            {
                return (i, new(problem.Expected, problem.Came, run.Journal.Notes) { Border = problem.Border });
            }
            catch (Exception error) when (error is not HarnessException && !run.Cancellation.IsCancellationRequested)
            {
                return (i, new(steps[i] + ": no error", Show.Error(error)));
            }
        }

        return null;
    }
}
