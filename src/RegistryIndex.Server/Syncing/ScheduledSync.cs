using Microsoft.Extensions.Options;
using RegistryIndex.Backends;
using RegistryIndex.Server.Following;
using RegistryIndex.Server.Loading;

namespace RegistryIndex.Server.Syncing;

/// <summary>
/// Re-syncs at the start, on a schedule, and when something was left to it. Of several servers on one index one does it, and the others
/// are content with it if it began after they did.
/// </summary>
internal sealed partial class ScheduledSync(
    IRegistryIndex index, ElectedSync sync, SyncLogMark log, SyncNeed need, FollowedSource source, IndexStartup startup, IOptions<SyncOptions> options, TimeProvider time, ILogger<ScheduledSync> logger)
    : BackgroundService
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5); // what a flood of events leaves comes in floods

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>From the end of one to the next; zero where there is none.</summary>
    public TimeSpan Interval { get; } = source.Source is null || index.Provider == NoIndex.Name
        ? TimeSpan.Zero
        : TimeSpan.FromHours(options.Value.Hours ?? (source.IsRegistry ? SyncOptions.DefaultHours : 0));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Interval == TimeSpan.Zero)
            return;
        await startup.Loaded.WaitAsync(stoppingToken);
        long? after = null; // the run that is due has a higher number than this
        var pause = AskAgain;
        while (true)
        {
            try
            {
                after ??= (await log.ReadAsync(stoppingToken)).Begun;
                if (await IsDueAsync(after.Value, stoppingToken))
                {
                    if (await TrySyncAsync(stoppingToken))
                        pause = AskAgain;
                    else
                        await Task.Delay(AskAgain, time, stoppingToken);
                }
                else
                {
                    after = await WaitAsync(stoppingToken);
                }

                continue;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Problem = error.Message;
                LogFailed(logger, pause, error.Message);
            }

            await Task.Delay(pause, time, stoppingToken);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
        }
    }

    private async Task<bool> IsDueAsync(long after, CancellationToken cancellationToken) => (await log.ReadAsync(cancellationToken)).Completed <= after || need.IsRaised;

    private async Task<bool> TrySyncAsync(CancellationToken cancellationToken)
    {
        if (await sync.TryRunAsync(new(), cancellationToken) is not { } result)
            return false;
        Problem = null;
        LogDone(logger, source.Source!.Location, result);
        return true;
    }

    // Until it is time for the next, or something is left to it.
    private async Task<long> WaitAsync(CancellationToken cancellationToken)
    {
        var completed = (await log.ReadAsync(cancellationToken)).Completed;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(Interval, time, stop.Token), need.Raised);
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (need.IsRaised)
            await Task.Delay(Settle, time, cancellationToken);
        return completed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Synced with {Location}: {Result}")]
    private static partial void LogDone(ILogger logger, string location, SyncResult result);

    [LoggerMessage(Level = LogLevel.Error, Message = "The re-sync failed and is tried again in {Pause}; the index keeps what it has: {Problem}")]
    private static partial void LogFailed(ILogger logger, TimeSpan pause, string problem);
}
