using RegistryIndex.Server.Http;
using RegistryIndex.Server.Syncing;

namespace RegistryIndex.Server.Following;

/// <summary>What an operator wants to know of the following, for <c>/readyz</c>.</summary>
internal sealed class FollowingState(FollowedSource source, PendingRepositories pending, ScheduledSync sync, SyncLogMark log, SyncNeed need)
{
    public async Task<FollowingAnswer> ReadAsync(CancellationToken cancellationToken)
    {
        var entry = await log.ReadAsync(cancellationToken);
        return new(
            source.Source?.Location, source.Problem is null, source.Problem ?? sync.Problem ?? entry.Unread?.ToString(), pending.Count,
            entry.Last?.Ended, entry.Last?.Withheld ?? 0, need.IsRaised || entry.IsNeeded, entry.Unread?.Count ?? 0);
    }
}
