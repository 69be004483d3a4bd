using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RegistryIndex.Failures;

namespace RegistryIndex.Synchronization;

/// <summary>
/// Work that a host does beside answering requests. A failure is reported in one sentence, by the log and by <see cref="Problem"/>, and the
/// work is started again after a pause that grows. A failure never ends the host.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives what goes wrong.</param>
public abstract partial class BackgroundWork(TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private TimeSpan _pause = FirstPause;
    private volatile string? _problem;

    /// <summary>The name of the work, as the beginning of a sentence.</summary>
    public abstract string Name { get; }

    /// <summary>The current problem, for operators; null when there is none.</summary>
    public string? Problem => _problem;

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>Receives what goes wrong.</summary>
    protected ILogger Logger { get; } = logger;

    /// <summary>Does the work. Returns when there is no more to do.</summary>
    /// <param name="stoppingToken">Cancelled when the host ends.</param>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await RunAsync(stoppingToken);
                Succeeded();
                return;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(error, _pause);
            }

            await Task.Delay(_pause, Time, stoppingToken);
            _pause = TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, LongestPause.Ticks));
        }
    }

    /// <summary>Waits. The delay may be longer than the 49 days that a timer supports.</summary>
    /// <param name="delay">How long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    protected async Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        var start = Time.GetTimestamp();
        while (delay - Time.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
            await Task.Delay(left < LongestTimer ? left : LongestTimer, Time, cancellationToken);
    }

    /// <summary>Clears the problem and the pause.</summary>
    protected void Succeeded() => (_problem, _pause) = (null, FirstPause);

    /// <summary>Reports a problem.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="pause">How long until the next attempt.</param>
    protected void Failed(Exception error, TimeSpan pause)
    {
        _problem = Failure.ToAnswer(error);
        LogFailed(Logger, Name, pause, Failure.ToSentence(error));
        LogWhere(Logger, error);
    }

    /// <summary>Reports a problem in a sentence that names neither machines nor files.</summary>
    /// <param name="problem">The sentence.</param>
    /// <param name="pause">How long until the next attempt.</param>
    protected void Failed(string problem, TimeSpan pause)
    {
        _problem = problem;
        LogFailed(Logger, Name, pause, problem);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Work} failed and is retried in {Pause}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string work, TimeSpan pause, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Where it failed")]
    private static partial void LogWhere(ILogger logger, Exception error);
}
