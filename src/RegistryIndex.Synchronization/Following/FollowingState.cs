using RegistryIndex.Synchronization.Refreshing;
using RegistryIndex.Synchronization.Syncing;

namespace RegistryIndex.Synchronization.Following;

/// <summary>Collects what an operator wants to know about following.</summary>
internal sealed class FollowingState(FollowedSource source, PendingRepositories pending, ScheduledSync sync, SyncLogMark log, SyncNeed need)
{
    public async Task<FollowingStatus> ReadAsync(CancellationToken cancellationToken)
    {
        var entry = await log.ReadAsync(cancellationToken);
        return new()
        {
            Location = source.Source?.Location,
            IsUp = source.Problem is null,
            Problem = source.Problem ?? sync.Problem ?? entry.Unread?.ToString(),
            Pending = pending.Count,
            LastSync = entry.Last?.Ended,
            Withheld = entry.Last?.Withheld ?? 0,
            IsSyncNeeded = need.IsRaised || entry.IsNeeded,
            Unread = entry.Unread?.Count ?? 0,
        };
    }
}
