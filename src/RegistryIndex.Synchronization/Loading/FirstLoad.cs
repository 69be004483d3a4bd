using System.Diagnostics;
using Microsoft.Extensions.Logging;
using RegistryIndex.Backends;
using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Loading;

/// <summary>
/// Fills a new index from the registry's storage, once, by whichever of several processes gets there first; what a
/// crash or a failure leaves undone, the next run goes on with (contract 6.4).
/// </summary>
internal sealed partial class FirstLoad(
    IRegistryIndex index, Loader loader, IRegistryStorage storage, TimeProvider time, ILogger<FirstLoad> logger)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);
    private readonly IndexWork _work = new(index, IRegistryLoader.WorkName, time: time); // one for all runs, as it remembers whom it waits for

    /// <summary>Returns when the index has been filled, by us or by another, or needs no filling.</summary>
    /// <returns>Whether it was filled, and not found filled.</returns>
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
            await Task.Delay(AskAgain, time, cancellationToken);
        }
    }

    // An index that holds something was filled by somebody: an import, a predecessor. `registry-index load` adds to it.
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
            LogBegun(logger, after is null ? "Loading" : "Going on loading");
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

    // A position means nothing in another storage than the one it was taken in.
    private string? PositionIn(string? progress) => progress?.Split('\n') is [var location, var position] && location == storage.Location ? position : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Begun} the new index from the registry's storage; searches answer meanwhile")]
    private static partial void LogBegun(ILogger logger, string begun);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} repositories loaded so far")]
    private static partial void LogProgress(ILogger logger, long count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded: {Added} added, {Updated} updated, {Unchanged} unchanged, {Refused} refused, {Unreadable} not read whole, in {Seconds:0.0} s")]
    private static partial void LogDone(ILogger logger, long added, long updated, long unchanged, long refused, long unreadable, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another process has taken the first load over")]
    private static partial void LogLost(ILogger logger);
}
