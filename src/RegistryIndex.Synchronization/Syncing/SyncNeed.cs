using Microsoft.Extensions.Logging;

namespace RegistryIndex.Synchronization.Syncing;

/// <summary>Remembers that something was left to a re-sync, beyond the end of this process. Thread-safe.</summary>
internal sealed partial class SyncNeed(SyncLogMark log, ILogger<SyncNeed> logger)
{
    private TaskCompletionSource _raised = NewSignal();

    /// <summary>Whether a re-sync is needed that has not begun yet.</summary>
    public bool IsRaised => _raised.Task.IsCompleted;

    /// <summary>Completes when one is needed.</summary>
    public Task Raised => _raised.Task;

    /// <returns>Whether it was not needed before.</returns>
    public bool Raise() => _raised.TrySetResult();

    /// <summary>Says that a run begins which will find what was left so far.</summary>
    public void Lower() => _raised = NewSignal();

    /// <summary>Keeps the need for the next process, where there is one.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (!IsRaised)
            return;
        try
        {
            await log.ChangeAsync(entry => entry with { Needed = entry.Begun }, cancellationToken);
        }
        catch (RegistryIndexException error)
        {
            LogNotSaved(logger, error.Message);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run registry-index sync: the index misses changes, and that could not be written down: {Problem}")]
    private static partial void LogNotSaved(ILogger logger, string problem);
}
