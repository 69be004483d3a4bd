using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RegistryIndex.Providers;
using RegistryIndex.Synchronization.Loading;
using RegistryIndex.Synchronization.Refreshing;
using RegistryIndex.Synchronization.Syncing;

namespace RegistryIndex.Synchronization.Following;

/// <summary>
/// Re-syncs at the start, on a schedule, and when a re-sync is needed. With a registry, the index is made equal to it; from a storage,
/// repositories are only added. Of several servers on one index, one re-syncs; the others accept its run if it began after they asked for
/// one.
/// </summary>
internal sealed partial class ScheduledSync(
    IRegistryIndex index, ElectedSync sync, SyncLogMark log, SyncNeed need, FollowedSource source, IndexStartup startup, IOptions<SyncOptions> options, TimeProvider time, ILogger<ScheduledSync> logger)
    : BackgroundWork(time, logger)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5); // events that leave work to a re-sync come in bursts
    private long? _after; // the run that is due has a higher number

    public override string Name => "The re-sync";

    /// <summary>The time from the end of one re-sync to the start of the next; zero where none are scheduled.</summary>
    public TimeSpan Interval { get; } = source.Source is null || index.Provider == NoIndex.Name ? TimeSpan.Zero : TimeSpan.FromHours(options.Value.Hours);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (Interval == TimeSpan.Zero)
            return;
        _after ??= await BeginAsync(stoppingToken);
        while (true)
        {
            if (!await IsDueAsync(_after.Value, stoppingToken))
            {
                Succeeded();
                _after = await WaitAsync(stoppingToken);
            }
            else if (await sync.TryRunAsync(new() { IsAdditive = !source.IsRegistry }, stoppingToken) is { } result)
            {
                LogDone(Logger, source.Source!.Location, result);
            }
            else
            {
                await Task.Delay(AskAgain, Time, stoppingToken);
            }
        }
    }

    private async Task<long> BeginAsync(CancellationToken cancellationToken)
    {
        await startup.Initialized.WaitAsync(cancellationToken);
        if (source.IsRegistry)
            LogSchedule(Logger, source.Source!.Location, Interval);
        else
            LogAdditiveSchedule(Logger, source.Source!.Location, Interval);

        // A storage that cannot be read does not prevent a re-sync from the registry.
        await (source.IsRegistry ? startup.LoadTried : startup.Loaded).WaitAsync(cancellationToken);
        var entry = await log.ReadAsync(cancellationToken);
        var isJustRead = !source.IsRegistry && await startup.Loaded;
        return isJustRead ? entry.Completed - 1 : entry.Begun;
    }

    private async Task<bool> IsDueAsync(long after, CancellationToken cancellationToken) => (await log.ReadAsync(cancellationToken)).Completed <= after || need.IsRaised;

    // Waits until the next re-sync is due or needed.
    private async Task<long> WaitAsync(CancellationToken cancellationToken)
    {
        var completed = (await log.ReadAsync(cancellationToken)).Completed;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(DelayAsync(Interval, stop.Token), need.Raised);
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (need.IsRaised)
            await Task.Delay(Settle, Time, cancellationToken);
        return completed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The index is made equal to {Location} now and every {Interval}")]
    private static partial void LogSchedule(ILogger logger, string location, TimeSpan interval);

    [LoggerMessage(Level = LogLevel.Information, Message = "New repositories of {Location} are added to the index now and every {Interval}; repositories that are gone stay until `registry-index sync`")]
    private static partial void LogAdditiveSchedule(ILogger logger, string location, TimeSpan interval);

    [LoggerMessage(Level = LogLevel.Information, Message = "Synced with {Location}: {Result}")]
    private static partial void LogDone(ILogger logger, string location, SyncResult result);
}
