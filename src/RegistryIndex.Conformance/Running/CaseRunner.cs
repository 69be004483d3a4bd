using System.Diagnostics;

namespace RegistryIndex.Conformance.Running;

/// <summary>Runs one case and returns its result. Any exception of the provider counts as an answer.</summary>
internal static class CaseRunner
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(20);

    public static async Task<CaseResult> RunAsync(ConformanceCase @case, ConformanceHarness harness, ConformanceOptions options, CancellationToken cancellationToken)
    {
        if (options.Disabled.TryGetValue(@case.Id, out var reason))
            return new(@case, CaseOutcome.Disabled, reason, null, TimeSpan.Zero);
        if (@case.Needs.Select(harness.WhyNot).FirstOrDefault(why => why is not null) is { } whyNot)
            return new(@case, CaseOutcome.Skip, whyNot, null, TimeSpan.Zero);

        if (options.Quick && @case.IsSlow)
            return new(@case, CaseOutcome.Skip, "It is slow, and this run is a quick one.", null, TimeSpan.Zero);

        options = options with { CaseTimeout = @case.IsSlow ? 6 * options.CaseTimeout : options.CaseTimeout };
        var start = Stopwatch.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = new CaseRun(harness, options, end.Token);
        // The case runs on another thread, so that the timeout also works when a provider blocks.
        var body = Task.Run(() => @case.RunAsync(run), cancellationToken);
        var (outcome, problem, failure) = await TryAsync(body, run, options, cancellationToken).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        // Wait for work still in progress: it would recreate what is dropped next.
        await Task.WhenAny(body, Task.Delay(options.CaseTimeout < LongestFarewell ? options.CaseTimeout : LongestFarewell, CancellationToken.None)).ConfigureAwait(false);
        try
        {
            await run.DisposeAsync().AsTask().WaitAsync(options.CaseTimeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HarnessException or TimeoutException)
        {
            (outcome, problem) = outcome == CaseOutcome.Fail ? (outcome, problem) : (CaseOutcome.Error, error.Message);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new(@case, outcome, problem, failure, Stopwatch.GetElapsedTime(start));
    }

    private static async Task<(CaseOutcome Outcome, string? Problem, CaseFailure? Failure)> TryAsync(Task body, CaseRun run, ConformanceOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await body.WaitAsync(options.CaseTimeout, cancellationToken).ConfigureAwait(false);
            return (CaseOutcome.Pass, null, null);
        }
        catch (HarnessException error)
        {
            return (CaseOutcome.Error, error.Message, null);
        }
        catch (NotApplicableException error)
        {
            return (CaseOutcome.Skip, error.Message, null);
        }
        catch (ExpectationException error)
        {
            return Failed(error.Done ?? run.Journal.Lines, error.Expected, error.Came);
        }
        catch (TimeoutException) when (!body.IsCompleted)
        {
            return Failed(run.Journal.Lines, "an end", $"nothing within {options.CaseTimeout.TotalSeconds} seconds");
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return (CaseOutcome.Error, "cancelled", null); // never seen: the run ends with the cancellation, once everything is dropped
        }
        catch (Exception error)
        {
            return Failed(run.Journal.Lines, "no error", Show.Error(error));
        }

        (CaseOutcome, string?, CaseFailure?) Failed(IReadOnlyList<string> done, string expected, string came) =>
            (CaseOutcome.Fail, null, new(done, expected, came, options.Seed));
    }
}
