using System.Diagnostics;
using Microsoft.Extensions.Logging;
using RegistryIndex.Providers;
using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Loading;

/// <summary>
/// Fills a new index from the registry's storage, once. Of several processes, the first does it; the next run continues what a crash or a
/// failure left undone (contract 6.4).
/// </summary>
internal sealed partial class FirstLoad(
    IRegistryIndex index, Loader loader, IRegistryStorage storage, TimeProvider time, ILogger<FirstLoad> logger)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);
    private readonly IndexWork _work = new(index, IRegistryLoader.WorkName, time: time); // one for all runs, as it remembers the holder it waits for

    /// <summary>Returns when this process or another has filled the index, or when the index needs no filling.</summary>
    /// <returns>Whether this call filled the index.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (!storage.IsConfigured || index.Provider == NoIndex.Name)
            return false;
        for (var hasWaited = false; ; hasWaited = true)
        {
            if (!await IsDueAsync(cancellationToken))
                return hasWaited;
            if (await TryLoadAsync(cancellationToken))
                return true;
            if (!hasWaited)
                LogWaiting(logger);
            await Task.Delay(AskAgain, time, cancellationToken);
        }
    }

    // An index that is not empty was filled by other means: an import, a predecessor. `registry-index load` adds to it.
    private async Task<bool> IsDueAsync(CancellationToken cancellationToken) => await _work.GetStateAsync(cancellationToken) switch
    {
        WorkState.Done => false,
        WorkState.Running => true,
        _ => !await index.ListAsync(null, 1, cancellationToken).AnyAsync(cancellationToken),
    };

    private async Task<bool> TryLoadAsync(CancellationToken cancellationToken)
    {
        await using var lease = await _work.TryTakeAsync(cancellationToken: cancellationToken);
        if (lease is null)
            return false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        var start = Stopwatch.GetTimestamp();
        try
        {
            var after = PositionIn(lease.Progress);
            LogBegun(logger, after is null ? "Loading" : "Continuing to load");
            var done = await loader.LoadAsync(
                after,
                async (progress, position) =>
                {
                    if (position is not null)
                        await lease.CheckpointAsync($"{storage.Location}\n{position}", stop.Token);
                    LogProgress(logger, progress.Result.Total);
                },
                stop.Token);
            await lease.CompleteAsync(stop.Token);
            LogDone(logger, done.Result.Added, done.Result.Updated, done.Result.Unchanged, done.Result.Refused, done.Unreadable, Stopwatch.GetElapsedTime(start).TotalSeconds);
            return true;
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogLost(logger);
            return false;
        }
    }

    // A position is valid only in the storage that it was taken from.
    private string? PositionIn(string? progress) => progress?.Split('\n') is [var location, var position] && location == storage.Location ? position : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "Another process is loading the new index, or was when it ended. If it does not renew its lease for 30 s, this process continues the load; searches find what is already loaded")]
    private static partial void LogWaiting(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Begun} the new index from the registry's storage; searches are answered meanwhile")]
    private static partial void LogBegun(ILogger logger, string begun);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} repositories loaded so far")]
    private static partial void LogProgress(ILogger logger, long count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded: {Added} added, {Updated} updated, {Unchanged} unchanged, {Refused} refused, {Unreadable} not read completely, in {Seconds:0.0} s")]
    private static partial void LogDone(ILogger logger, long added, long updated, long unchanged, long refused, long unreadable, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another process has taken over the first load")]
    private static partial void LogLost(ILogger logger);
}
