using Microsoft.Extensions.Logging;
using RegistryIndex.Failures;
using RegistryIndex.Migration.Replication;
using RegistryIndex.Queues;

namespace RegistryIndex.Migration.Mirroring;

/// <summary>
/// The names of written repositories that must be copied to the secondary. Each name is queued once, however often it is written, and one
/// worker at a time works on it. A failed copy is retried, with growing pauses, until this process ends.
/// </summary>
internal sealed partial class SecondaryQueue(IRegistryIndex primary, IRegistryIndex secondary, MirrorMetrics metrics, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The maximum number of queued names; each takes about 100 bytes.</summary>
    public const int Capacity = 100_000;

    private const int Workers = 16;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // How long the process waits at its end for the secondary without any success: first for one that fails, then for one that is slow.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastPatienceWithTheSlow = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly KeyedQueue _names = new(Capacity, quiet: TimeSpan.Zero, longest: TimeSpan.Zero, time);
    private readonly SemaphoreSlim _initialization = new(1);
    private readonly CancellationTokenSource _ended = new();
    private Task[]? _workers;
    private bool _isInitialized;
    private int _failures;
    private long _missed;
    private long _lastSuccess = time.GetTimestamp();
    private string? _problem;

    public MirrorState State
    {
        get
        {
            lock (_gate)
                return new(_names.Count, _missed, _problem);
        }
    }

    /// <summary>Starts the workers, and initializes the secondary before anything is written.</summary>
    public void Start()
    {
        lock (_gate)
            _workers ??= [Task.Run(TryInitializeAsync), .. Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Queues the name of a written repository.</summary>
    public void Add(string name)
    {
        if (_names.TryAdd(name))
            return;
        lock (_gate)
            Miss("missed");
    }

    /// <summary>
    /// Queues a name like <see cref="Add"/>, for many names. It waits for room as long as the secondary makes progress. A cancelled call stops
    /// waiting and still queues the name.
    /// </summary>
    public async Task AddWhenThereIsRoomAsync(string name, CancellationToken cancellationToken)
    {
        while (State is { Pending: >= Capacity, Problem: null } && !cancellationToken.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
        Add(name);
    }

    /// <summary>Waits for the remaining names as long as the secondary makes progress, and then stops the workers.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_workers is not null)
        {
            var start = time.GetTimestamp();
            while (State is { Pending: > 0 } state
                && time.GetElapsedTime(Math.Max(start, Interlocked.Read(ref _lastSuccess))) < (state.Problem is null ? LastPatienceWithTheSlow : LastPatience))
                await Task.Delay(TimeSpan.FromMilliseconds(20), time);
            await _ended.CancelAsync();
            await Task.WhenAll(_workers);
        }

        if (State is { } left && left.Pending + left.Missed > 0)
            LogLeft(logger, left.Pending + left.Missed);
        _ended.Dispose();
        _initialization.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                var taken = await _names.TakeAsync(_ended.Token);
                await PauseAsync();
                if (await TryBringAsync(taken.Key))
                    _names.Complete(taken);
                else
                    _names.Fail(taken, pause: TimeSpan.Zero); // PauseAsync pauses all workers together
            }
        }
        catch (Exception) when (_ended.IsCancellationRequested)
        {
            // The queue has ended. DisposeAsync logs what is left.
        }
    }

    private async Task<bool> TryBringAsync(string name)
    {
        var failuresBefore = Volatile.Read(ref _failures);
        try
        {
            await InitializeAsync();
            await RepositoryReplication.ReplicateAsync(primary, secondary, name, _ended.Token);
            Interlocked.Exchange(ref _lastSuccess, time.GetTimestamp());
            metrics.Wrote("brought");
            Succeed();
            return true;
        }
        catch (ArgumentException error)
        {
            lock (_gate)
                Miss("refused");
            LogRefused(logger, error.Message);
            return true;
        }
        catch (Exception error) when (!_ended.IsCancellationRequested)
        {
            metrics.Wrote("failed");
            Fail(error, failuresBefore);
            return false;
        }
    }

    // At the start, so that a problem of the secondary is reported before the first write.
    private async Task TryInitializeAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            var failuresBefore = Volatile.Read(ref _failures);
            try
            {
                await PauseAsync();
                await InitializeAsync();
                Succeed();
                return;
            }
            catch (Exception error)
            {
                if (!_ended.IsCancellationRequested)
                    Fail(error, failuresBefore);
            }
        }
    }

    private async Task InitializeAsync()
    {
        if (Volatile.Read(ref _isInitialized))
            return;
        await _initialization.WaitAsync(_ended.Token);
        try
        {
            if (!_isInitialized)
            {
                await secondary.InitializeAsync(_ended.Token);
                await MirrorMark.SetAsync(primary, secondary, time, _ended.Token);
            }

            Volatile.Write(ref _isInitialized, true);
        }
        finally
        {
            _initialization.Release();
        }
    }

    private Task PauseAsync()
    {
        var failures = Volatile.Read(ref _failures);
        if (failures == 0)
            return Task.CompletedTask;
        var longest = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(failures, 20)));
        return Task.Delay(longest * (0.5 + (Random.Shared.NextDouble() / 2)), time, _ended.Token);
    }

    private void Succeed()
    {
        lock (_gate)
        {
            if (_problem is not null)
                LogRecovered(logger, _names.Count);
            (_failures, _problem) = (0, null);
        }
    }

    // Of several simultaneous failures, only the first makes the pause longer.
    private void Fail(Exception error, int failuresBefore)
    {
        lock (_gate)
        {
            if (_problem is null)
                LogFailed(logger, Failure.ToSentence(error));
            _problem = Failure.ToAnswer(error);
            if (_failures == failuresBefore)
                _failures++;
        }
    }

    private void Miss(string outcome)
    {
        _missed++;
        metrics.Wrote(outcome);
        if (outcome == "missed" && _missed == 1)
            LogFull(logger, Capacity);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The secondary of the mirror cannot be written. The primary continues alone, and the writes are copied later: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The secondary of the mirror can be written again; {Pending} repositories are now copied to it")]
    private static partial void LogRecovered(ILogger logger, int pending);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not copied to the secondary: {Problem}")]
    private static partial void LogRefused(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The secondary of the mirror is {Capacity} repositories behind; further ones must be copied with 'registry-index migrate --from primary --to secondary --merge --delete'")]
    private static partial void LogFull(ILogger logger, int capacity);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} repositories were not copied to the secondary of the mirror; copy them with 'registry-index migrate --from primary --to secondary --merge --delete'")]
    private static partial void LogLeft(ILogger logger, long count);
}
