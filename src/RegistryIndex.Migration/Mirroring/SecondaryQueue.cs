using Microsoft.Extensions.Logging;
using RegistryIndex.Failures;
using RegistryIndex.Migration.Replication;

namespace RegistryIndex.Migration.Mirroring;

/// <summary>
/// The names that were written and must be brought to the secondary: each once, however often it was written; a name is
/// worked on by one worker at a time. What fails is tried again, with longer and longer pauses, until this process ends.
/// </summary>
internal sealed partial class SecondaryQueue(IRegistryIndex primary, IRegistryIndex secondary, MirrorMetrics metrics, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How many names are remembered; each takes some 100 bytes.</summary>
    public const int Capacity = 100_000;

    private const int Workers = 16;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // How long the end of the process waits for the secondary without anything getting through: one that fails, and one that is slow.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastPatienceWithTheSlow = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Queue<string> _waiting = new();
    private readonly HashSet<string> _isWaiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _atWork = new(StringComparer.Ordinal); // and whether it was written again meanwhile
    private readonly SemaphoreSlim _due = new(0);
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
                return new(_waiting.Count + _atWork.Count, _missed, _problem);
        }
    }

    /// <summary>Begins to work, and to initialize the secondary before anything is written.</summary>
    public void Start()
    {
        lock (_gate)
            _workers ??= [Task.Run(TryInitializeAsync), .. Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Takes note that a name was written.</summary>
    public void Add(string name)
    {
        lock (_gate)
        {
            if (_atWork.ContainsKey(name))
                _atWork[name] = true;
            else if (_isWaiting.Contains(name))
                return;
            else if (_waiting.Count >= Capacity)
                Miss("missed");
            else
                Enqueue(name);
        }
    }

    /// <summary>The same for many: waits for room as long as the secondary takes what it is given. A call that is cancelled waits no more, and the note is taken all the same.</summary>
    public async Task AddWhenThereIsRoomAsync(string name, CancellationToken cancellationToken)
    {
        while (State is { Pending: >= Capacity, Problem: null } && !cancellationToken.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
        Add(name);
    }

    /// <summary>Waits for what is left as long as it gets through, and ends.</summary>
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
        _due.Dispose();
        _initialization.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                await _due.WaitAsync(_ended.Token);
                await PauseAsync();
                string name;
                lock (_gate)
                {
                    name = _waiting.Dequeue();
                    _isWaiting.Remove(name);
                    _atWork.Add(name, false);
                }

                var isDone = false;
                try
                {
                    isDone = await TryBringAsync(name);
                }
                finally
                {
                    lock (_gate)
                    {
                        _atWork.Remove(name, out var isWrittenAgain);
                        if (!isDone || isWrittenAgain)
                            Enqueue(name);
                    }
                }
            }
        }
        catch (Exception) when (_ended.IsCancellationRequested)
        {
            // Ended; DisposeAsync says what is left.
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

    // At the start, so that what is wrong with the secondary is said before the first write.
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
                LogRecovered(logger, _waiting.Count);
            (_failures, _problem) = (0, null);
        }
    }

    // Of those that failed at the same time only the first makes the pause longer.
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

    private void Enqueue(string name)
    {
        if (_isWaiting.Add(name))
        {
            _waiting.Enqueue(name);
            _due.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The secondary of the mirror cannot be written; the primary goes on alone, and what the secondary misses is brought to it later: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The secondary of the mirror can be written again; {Pending} repositories are brought to it now")]
    private static partial void LogRecovered(ILogger logger, int pending);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not brought to the secondary: {Problem}")]
    private static partial void LogRefused(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The secondary of the mirror is {Capacity} repositories behind; further ones are left to 'registry-index migrate --from primary --to secondary --merge --delete'")]
    private static partial void LogFull(ILogger logger, int capacity);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} repositories were not brought to the secondary of the mirror; bring them with 'registry-index migrate --from primary --to secondary --merge --delete'")]
    private static partial void LogLeft(ILogger logger, long count);
}
