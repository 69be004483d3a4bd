using RegistryIndex.Synchronization.Refreshing;

namespace RegistryIndex.Synchronization.Syncing;

/// <summary>Runs re-syncs of an index in one process at a time, numbered in its log. Keep one instance for as long as you contend.</summary>
internal sealed class ElectedSync(IRegistryIndex index, Synchronizer synchronizer, SyncLogMark log, SyncNeed need, FollowMetrics metrics, TimeProvider time) : IRegistrySynchronizer
{
    private readonly IndexWork _work = new(index, "sync", time: time);

    public Task CheckAsync(CancellationToken cancellationToken = default) => synchronizer.CheckAsync(cancellationToken);

    public Task<SyncResult> TryOutAsync(SyncMode mode, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mode);
        return synchronizer.RunAsync(mode with { IsDryRun = true }, cancellationToken);
    }

    public async Task<SyncResult?> TryRunAsync(SyncMode mode, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mode);
        await using var lease = await _work.TryTakeAsync(again: true, cancellationToken);
        if (lease is null)
            return null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        var start = time.GetTimestamp();
        var (wasNeeded, outcome) = (need.IsRaised, "failed");
        try
        {
            var number = (await log.ChangeAsync(entry => entry with { Begun = entry.Begun + 1, Needed = wasNeeded ? entry.Begun : entry.Needed }, stop.Token)).Begun;
            need.Lower();
            var result = await synchronizer.RunAsync(mode, stop.Token);
            await log.ChangeAsync(entry => entry.After(number, mode.IsAdditive, new(time.GetUtcNow(), result.Changes, result.Withheld), result.Unread), stop.Token);
            await lease.CompleteAsync(stop.Token);
            outcome = result.Withheld > 0 ? "withheld" : "done";
            return result;
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            if (outcome == "failed" && wasNeeded)
                need.Raise();
            metrics.Synced(outcome, time.GetElapsedTime(start));
        }
    }
}
