using Microsoft.Extensions.Logging;

namespace RegistryIndex.DynamoDb.Adoption;

/// <summary>
/// Runs an adoption in the background until it is complete or the process ends. A failed run is tried again. If the process ends early, the next
/// process resumes the work. If the tables are replaced, the adoption starts again with the new tables.
/// </summary>
internal sealed partial class BackgroundAdoption(TimeProvider time, TimeSpan pause, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Run? _run;
    private bool _isDisposed;
    private volatile bool _hasFailed;

    /// <summary>Whether the last run failed.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>
    /// Starts an adoption in place of the previous one and waits for its first page. A small index is adopted when this method returns. The
    /// method does not wait for a large index, or for an adoption that another process runs.
    /// </summary>
    public Task StartAsync(Adopter adopter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_isDisposed)
                return Task.CompletedTask;
            if (_run?.Adopter != adopter)
            {
                var before = _run;
                _run = new Run(adopter, run => RunAsync(run, before));
            }

            return _run.FirstPage.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stops the adoption if it is not complete.</summary>
    public async Task StopAsync()
    {
        Run? run;
        lock (_lock)
            run = _run;
        if (run is not null)
            await run.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>May be called more than once: a container that registers the index under two types disposes of it twice.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
            _isDisposed = true;
        await StopAsync().ConfigureAwait(false);
    }

    private async Task RunAsync(Run run, Run? before)
    {
        try
        {
            if (before is not null)
                await before.DisposeAsync().ConfigureAwait(false);
            while (!await TryCompleteAsync(run).ConfigureAwait(false))
            {
                run.FirstPage.TrySetResult();
                await Task.Delay(pause, time, run.Ended).ConfigureAwait(false);
            }
        }
        catch (Exception) when (run.Ended.IsCancellationRequested)
        {
            // The run was stopped.
        }
        finally
        {
            run.FirstPage.TrySetResult();
        }
    }

    private async Task<bool> TryCompleteAsync(Run run)
    {
        try
        {
            await run.Adopter.TryRunAsync(again: false, run, run.Ended).ConfigureAwait(false);
            _hasFailed = false;
            return await run.Adopter.IsCompleteAsync(run.Ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!run.Ended.IsCancellationRequested)
        {
            return false; // another process has taken over the work
        }
        catch (Exception error) when (!run.Ended.IsCancellationRequested)
        {
            Failed(logger, pause, error.Message); // searches continue without the postings, from scans
            FailedWhere(logger, error);
            _hasFailed = true;
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The postings of the repository table could not all be written, and the attempt is repeated in {Pause}; until then searches scan the table: {Problem}")]
    private static partial void Failed(ILogger logger, TimeSpan pause, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Where it failed")]
    private static partial void FailedWhere(ILogger logger, Exception error);

    /// <summary>One run of an adoption, which receives its progress.</summary>
    private sealed class Run : IProgress<long>, IAsyncDisposable
    {
        private readonly CancellationTokenSource _ended = new();
        private readonly Task _work;

        public Run(Adopter adopter, Func<Run, Task> work)
        {
            (Adopter, Ended) = (adopter, _ended.Token);
            _work = Task.Run(() => work(this), CancellationToken.None);
        }

        public Adopter Adopter { get; }

        public CancellationToken Ended { get; }

        public TaskCompletionSource FirstPage { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Report(long value) => FirstPage.TrySetResult();

        // May be called more than once, by the next run and by the owner. Only this run uses the source.
        public async ValueTask DisposeAsync()
        {
            await _ended.CancelAsync().ConfigureAwait(false);
            await _work.ConfigureAwait(false);
        }
    }
}
