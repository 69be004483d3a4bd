using Microsoft.Extensions.Logging;

namespace RegistryIndex.DynamoDb.Adoption;

/// <summary>
/// Runs the adoption beside everything else for as long as this process lives, or until it is complete; what fails is tried again. A
/// process that ends early puts the work down, and the next one goes on.
/// </summary>
internal sealed partial class BackgroundAdoption(Adopter adopter, TimeProvider time, TimeSpan pause, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _firstPage = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _running;
    private bool _isDisposed;
    private volatile bool _hasFailed;

    /// <summary>Whether it failed when it was last tried.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>
    /// Starts, and waits for the first page: a small index is adopted when this returns, and a large one or one that
    /// somebody else adopts is not waited for.
    /// </summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            _running ??= Task.Run(RunAsync, CancellationToken.None);
        return _firstPage.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Puts the work down, if it is not complete.</summary>
    public async Task StopAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        if (_running is not null)
            await _running.ConfigureAwait(false);
    }

    /// <summary>May be called again: a container that knows the index by two types disposes of it twice.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        await StopAsync().ConfigureAwait(false);
        _ended.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!await TryCompleteAsync().ConfigureAwait(false))
            {
                _firstPage.TrySetResult();
                await Task.Delay(pause, time, _ended.Token).ConfigureAwait(false);
            }
        }
        catch (Exception) when (_ended.IsCancellationRequested)
        {
            // Ended.
        }
        finally
        {
            _firstPage.TrySetResult();
        }
    }

    private async Task<bool> TryCompleteAsync()
    {
        try
        {
            await adopter.TryRunAsync(again: false, new FirstReport(_firstPage), _ended.Token).ConfigureAwait(false);
            _hasFailed = false;
            return await adopter.IsCompleteAsync(_ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_ended.IsCancellationRequested)
        {
            return false; // somebody else has taken over
        }
        catch (Exception error) when (!_ended.IsCancellationRequested)
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

    private sealed class FirstReport(TaskCompletionSource reported) : IProgress<long>
    {
        public void Report(long value) => reported.TrySetResult();
    }
}
