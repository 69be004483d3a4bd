using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>
/// Stores that fail during a call, fail for good, or only respond slowly, and what errors and status say (contract 2.8, 7). Each case needs a
/// capability of the harness.
/// </summary>
internal static class StoreCases
{
    private const int Rows = 120;

    // After this time a call that needs the store is waiting for it. A call that has ended did not need the store.
    private static readonly TimeSpan Begun = TimeSpan.FromMilliseconds(100);

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-read-that-fails-on-the-way-is-no-short-answer", ["7.2"],
            "Searches, lists and scans whose store fails after any number of its answers are an error, or whole.",
            "One throttled request of several would omit rows, without a sign of it.",
            PartlyAsync, Capability.PartialFailures),
        new("a-call-that-waits-for-its-store-can-be-cancelled", ["7.3"],
            "A call whose store does not answer ends soon after its token is cancelled, and the index works when the store answers again.",
            "A server could neither shut down nor give up a search whose client has gone.",
            WaitsAsync, Capability.SlowStore),
        new("an-error-that-cannot-pass-says-so", ["7.1"],
            "While the store fails in a way that retrying does not mend, every operation is a RegistryIndexException that says so.",
            "A server would retry for ever although only an operator can help, and would not report it.",
            LastingAsync, Capability.LastingFailures),
        new("a-secret-is-never-told", ["2.8"],
            "Neither the status nor any error contains the secret of the settings.",
            "A password would be in logs, on dashboards and in reports of errors.",
            SecretAsync, Capability.KnownSecret),
    ];

    private static async Task PartlyAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var all = CommonSteps.Many(Rows, "some text");
        await run.FillAsync(index, all).ConfigureAwait(false);
        foreach (var (name, readAsync) in ((string, Func<Task<List<Repository>>>)[])
        [
            ("search \"text\"", () => ResultPages.AllAsync(index, "text", 50, run.Cancellation)),
            ("search \"r00 some\"", () => ResultPages.AllAsync(index, "r00 some", 100, run.Cancellation)),
            ("search \"\"", () => ResultPages.AllAsync(index, "", 100, run.Cancellation)),
            ("list", () => run.ListAsync(index)),
            ("scan", async () => [.. (await index.ScanAsync(cancellationToken: run.Cancellation).ToListAsync(run.Cancellation).ConfigureAwait(false)).OrderBy(r => r.Name, CodePointOrder.Comparer)]),
        ])
        {
            Repository[] expected = name.Contains("r00", StringComparison.Ordinal) ? [.. all.Where(r => r.Name.StartsWith("r00", StringComparison.Ordinal))] : all;
            var (requests, next) = (0, 1);
            while (await TryAsync().ConfigureAwait(false) is not { } came || !Whole(came))
                (requests, next) = (requests < 8 ? requests + 1 : next, requests + next);

            async Task<List<Repository>?> TryAsync()
            {
                await run.WithScratchAsync($"break the store after {requests} requests", scratch => scratch.BreakAfterAsync(requests, run.Cancellation)).ConfigureAwait(false);
                try
                {
                    return await readAsync().ConfigureAwait(false);
                }
                catch (RegistryIndexException)
                {
                    return null;
                }
                finally
                {
                    await FailingCases.MendAsync(run).ConfigureAwait(false);
                }
            }

            bool Whole(List<Repository> came)
            {
                Expect.Repositories(expected, came, $"{name} (or an error) if the store fails after {requests} requests");
                return true;
            }
        }
    }

    private static async Task WaitsAsync(CaseRun run)
    {
        var index = await FailingCases.PrepareAsync(run).ConfigureAwait(false);
        foreach (var (name, _, callAsync) in FailingCases.Operations)
        {
            await run.WithScratchAsync("have the store answer nothing", scratch => scratch.HoldAsync(run.Cancellation)).ConfigureAwait(false);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
            var call = Task.Run(() => callAsync(index, stop.Token), run.Cancellation);
            await Task.WhenAny(call, Task.Delay(Begun, run.Cancellation)).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            try
            {
                await call.WaitAsync(run.Patience, run.Cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!run.Cancellation.IsCancellationRequested)
            {
                // This is the expected end, unless the call did not need the store.
            }
            catch (TimeoutException) when (!call.IsCompleted)
            {
                throw new ExpectationException($"{name}, cancelled while the store does not answer: an end", $"nothing within {run.Patience.TotalSeconds} seconds");
            }
            catch (Exception error) when (error is not HarnessException)
            {
                throw new ExpectationException($"{name}, cancelled while the store does not answer: OperationCanceledException", Show.Error(error));
            }

            await FailingCases.MendAsync(run).ConfigureAwait(false);
        }

        // A cancelled operation has either been done or not, but not in part.
        await run.AgreesWithItselfAsync(index).ConfigureAwait(false);
        await run.StoreAsync(index, FailingCases.Steady).ConfigureAwait(false);
        Expect.Equal(FailingCases.Steady, await index.GetAsync(FailingCases.Steady.Name, run.Cancellation).ConfigureAwait(false), "get when the store answers again");
    }

    private static async Task LastingAsync(CaseRun run)
    {
        var index = await FailingCases.PrepareAsync(run).ConfigureAwait(false);
        await run.WithScratchAsync("break the store for good", scratch => scratch.BreakForGoodAsync(run.Cancellation)).ConfigureAwait(false);
        foreach (var (name, _, callAsync) in FailingCases.Operations)
        {
            var error = await Expect.ThrowsAsync<RegistryIndexException>(() => callAsync(index, run.Cancellation), $"{name}, while the store fails for good").ConfigureAwait(false);
            Expect.That(!error.MayRetry, $"{name}, while the store fails for good: an error that says that a retry does not help", $"one that may be retried: {error.Message}");
        }

        await FailingCases.MendAsync(run).ConfigureAwait(false);
        await FailingCases.UnchangedAsync(run, index).ConfigureAwait(false);
    }

    private static async Task SecretAsync(CaseRun run)
    {
        var index = await FailingCases.PrepareAsync(run).ConfigureAwait(false);
        await FailingCases.UnchangedAsync(run, index).ConfigureAwait(false);
        var secret = await run.WithScratchAsync("ask for the secret", scratch => Task.FromResult(scratch.Secret)).ConfigureAwait(false);
        Keeps("the status", (await index.GetStatusAsync(run.Cancellation).ConfigureAwait(false)).ToString());
        if (!run.Can(Capability.StoreFailures))
            return;
        await FailingCases.BreakAsync(run).ConfigureAwait(false);
        foreach (var (name, _, callAsync) in FailingCases.Operations)
            Keeps($"the error of {name}", (await Expect.ThrowsAsync<RegistryIndexException>(() => callAsync(index, run.Cancellation), $"{name}, while the store fails").ConfigureAwait(false)).ToString());
        await FailingCases.MendAsync(run).ConfigureAwait(false);

        void Keeps(string what, string text) =>
            Expect.That(!text.Contains(secret, StringComparison.Ordinal), $"{what} without the secret of the settings", $"'{text.Replace(secret, "<the secret>", StringComparison.Ordinal)}'");
    }
}
