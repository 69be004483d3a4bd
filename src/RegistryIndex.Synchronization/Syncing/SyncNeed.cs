using Microsoft.Extensions.Logging;

namespace RegistryIndex.Synchronization.Syncing;

/// <summary>Remembers that work was left to a re-sync, also after this process has ended. Thread-safe.</summary>
internal sealed partial class SyncNeed(SyncLogMark log, ILogger<SyncNeed> logger)
{
    private TaskCompletionSource _raised = NewSignal();

    /// <summary>Whether a re-sync is needed that has not begun yet.</summary>
    public bool IsRaised => _raised.Task.IsCompleted;

    /// <summary>Completes when a re-sync is needed.</summary>
    public Task Raised => _raised.Task;

    /// <returns>Whether no re-sync was needed before.</returns>
    public bool Raise() => _raised.TrySetResult();

    /// <summary>Records that a run begins that covers everything left so far.</summary>
    public void Lower() => _raised = NewSignal();

    /// <summary>Saves the need, if there is one, for the next process.</summary>
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Run registry-index sync: the index misses changes, and this could not be recorded: {Problem}")]
    private static partial void LogNotSaved(ILogger logger, string problem);
}
