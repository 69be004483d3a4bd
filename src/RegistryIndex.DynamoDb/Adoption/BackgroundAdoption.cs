using Microsoft.Extensions.Logging;

namespace RegistryIndex.DynamoDb.Adoption;

/// <summary>
/// Runs an adoption beside everything else for as long as this process lives, or until it is complete; what fails is tried again. A
/// process that ends early puts the work down, and the next one goes on. Where the tables are exchanged it begins again with those.
/// </summary>
internal sealed partial class BackgroundAdoption(TimeProvider time, TimeSpan pause, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Run? _run;
    private bool _isDisposed;
    private volatile bool _hasFailed;

    /// <summary>Whether it failed when it was last tried.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>
    /// Starts in place of whatever ran before, and waits for the first page: a small index is adopted when this returns, and a
    /// large one or one that somebody else adopts is not waited for.
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

    /// <summary>Puts the work down, if it is not complete.</summary>
    public async Task StopAsync()
    {
        Run? run;
        lock (_lock)
            run = _run;
        if (run is not null)
            await run.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>May be called again: a container that knows the index by two types disposes of it twice.</summary>
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
            // Ended.
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
            return false; // somebody else has taken over
        }
        catch (Exception error) when (!run.Ended.IsCancellationRequested)
        {
            Failed(logger, pause, error.Message); // searches go on without it, from scans
            FailedWhere(logger, error);
            _hasFailed = true;
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rows of the repository table could not all be given their postings, which is tried again in {Pause}; until then searches scan the table: {Problem}")]
    private static partial void Failed(ILogger logger, TimeSpan pause, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Where it failed")]
    private static partial void FailedWhere(ILogger logger, Exception error);

    /// <summary>One adoption from its start to its end; told of each page.</summary>
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

        // More than once, as the next one or the owner may end it. Nothing else holds on to the source.
        public async ValueTask DisposeAsync()
        {
            await _ended.CancelAsync().ConfigureAwait(false);
            await _work.ConfigureAwait(false);
        }
    }
}
