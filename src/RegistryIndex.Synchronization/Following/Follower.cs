using Microsoft.Extensions.Logging;
using RegistryIndex.Failures;
using RegistryIndex.Providers;
using RegistryIndex.Queues;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization.Loading;
using RegistryIndex.Synchronization.Refreshing;
using RegistryIndex.Synchronization.Syncing;

namespace RegistryIndex.Synchronization.Following;

/// <summary>
/// Looks up the repositories that events name, several at a time. While the registry does not answer, the follower tries one repository at
/// a time, at growing intervals. When the server ends, the follower first looks up the rest; the next re-sync finds what is left.
/// </summary>
internal sealed partial class Follower(
    IRegistryIndex index, PendingRepositories pending, RepositoryRefresh refresh, FollowedSource source, IndexStartup startup, SyncNeed syncNeed, FollowingState state, TimeProvider time, ILogger<Follower> logger)
    : BackgroundWork(time, logger), IRegistryFollower
{
    private const int AtATime = 8;
    private const int MostTries = 12;
    private const int MostRepeats = 3;
    private const int MostTriesAtTheEnd = 3;
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5); // ahead of this clock, by the registry's
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(20); // shorter than the host's 30

    private readonly SemaphoreSlim _free = new(AtATime);
    private volatile bool _isEnding;

    public override string Name => "Looking up the repositories of events";

    public async Task<bool> TryNoteAsync(string name, RepositoryNotice hint, RepositoryPush? push = null)
    {
        var latest = Time.GetUtcNow() + MostAhead;
        push = push?.At > latest ? push with { At = latest } : push;
        if (index.Provider == NoIndex.Name)
            return true;
        if (source.Source is not null)
            return pending.TryAdd(name, push);
        await _free.WaitAsync();
        try
        {
            Log((await refresh.RunAsync(name, hint, push?.At, CancellationToken.None)).Done, name);
            return true;
        }
        finally
        {
            _free.Release();
        }
    }

    public Task<FollowingStatus> GetStatusAsync(CancellationToken cancellationToken = default) => state.ReadAsync(cancellationToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _isEnding = true;
        pending.HurryFromNowOn();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestDrain);
        try
        {
            if (startup.IsInitialized)
                await pending.WaitUntilEmptyAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Reported below.
        }

        if (pending.Count is > 0 and var rest)
        {
            syncNeed.Raise();
            LogLeft(Logger, rest);
        }

        await base.StopAsync(cancellationToken);
        await syncNeed.SaveAsync(CancellationToken.None);
    }

    public override void Dispose()
    {
        _free.Dispose();
        base.Dispose();
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await startup.Initialized.WaitAsync(stoppingToken);
        var pause = TimeSpan.FromSeconds(1);
        while (true)
        {
            if (source.IsDown && !_isEnding)
            {
                await Task.Delay(pause, Time, stoppingToken);
                pause = Twice(pause);
                await RefreshAsync(await pending.TakeAsync(stoppingToken), stoppingToken);
                if (!source.IsDown)
                    pending.Hurry();
                continue;
            }

            pause = TimeSpan.FromSeconds(1);
            await _free.WaitAsync(stoppingToken);
            _ = RefreshAsync(await TakeAsync(stoppingToken), stoppingToken)
                .ContinueWith(_ => _free.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<KeyedWork> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var taken = await pending.TakeAsync(cancellationToken);
            Succeeded();
            return taken;
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    private async Task RefreshAsync(KeyedWork taken, CancellationToken cancellationToken)
    {
        try
        {
            var pushes = pending.FindPushes(taken.Key);
            var (done, found) = await refresh.RunAsync(taken.Key, RepositoryNotice.Changed, pushes.Last, cancellationToken);
            Log(done, taken.Key);
            if (pushes.AreIn(found))
                pending.Complete(taken, pushes);
            else
                LookAgain(taken, pushes);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server is ending; StopAsync has reported it.
        }
        catch (Exception error)
        {
            GiveBack(taken, error);
        }
    }

    private void Log(Refreshed done, string name)
    {
        if (done != Refreshed.Unchanged)
            LogRefreshed(Logger, done, name);
    }

    // A push that is still not there was deleted or moved by another one, unless the registry is slow.
    private void LookAgain(KeyedWork taken, PendingPushes pushes)
    {
        if (taken.Repeats < MostRepeats && !_isEnding)
        {
            pending.Repeat(taken, PauseAfter(taken.Repeats));
            return;
        }

        LogNotThere(Logger, taken.Key);
        if (_isEnding)
            syncNeed.Raise();
        pending.Complete(taken, pushes);
    }

    // A failure of a single repository is left to a later re-sync.
    private void GiveBack(KeyedWork taken, Exception error)
    {
        var isHopeless = error is not (RegistrySourceException or RegistryIndexException { MayRetry: true });
        if (isHopeless || (_isEnding && source.IsDown) || taken.Failures + 1 >= (_isEnding ? MostTriesAtTheEnd : MostTries))
        {
            syncNeed.Raise();
            LogGivenUp(Logger, taken.Key, Failure.ToSentence(error));
            pending.GiveUp(taken);
            return;
        }

        if (taken.Failures == 0)
            LogLater(Logger, taken.Key, error.Message);
        pending.Fail(taken, PauseAfter(taken.Failures));
    }

    private static TimeSpan PauseAfter(int times) => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, times), 60));

    private static TimeSpan Twice(TimeSpan pause) => TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Done} {Repository}")]
    private static partial void LogRefreshed(ILogger logger, Refreshed done, string repository);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Repository} could not be looked up and is retried: {Problem}")]
    private static partial void LogLater(ILogger logger, string repository, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Repository} does not have what an event says was pushed")]
    private static partial void LogNotThere(ILogger logger, string repository);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Repository} could not be looked up and is left to the next re-sync: {Problem}")]
    private static partial void LogGivenUp(ILogger logger, string repository, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} repositories could not be looked up before the end; the next re-sync finds them")]
    private static partial void LogLeft(ILogger logger, int count);
}
