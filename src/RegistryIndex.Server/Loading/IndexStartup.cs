namespace RegistryIndex.Server.Loading;

/// <summary>
/// Initializes the index when the server starts, and then fills a new one in the background. While the store cannot be
/// reached it tries again; what no retry mends stops the server.
/// </summary>
internal sealed partial class IndexStartup(IRegistryIndex index, FirstLoad firstLoad, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<IndexStartup> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly TaskCompletionSource _initialized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether searches are answered.</summary>
    public bool IsInitialized => _initialized.Task.IsCompleted;

    /// <summary>Completes when searches are answered.</summary>
    public Task Initialized => _initialized.Task;

    /// <summary>Completes when a new index has been filled, or needs no filling.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>What is wrong at the moment, for operators; null when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>What ended the server.</summary>
    public RegistryIndexException? Fatal { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await InitializeAsync(stoppingToken);
            await firstLoad.RunAsync(stoppingToken);
            _loaded.TrySetResult();
        }
        catch (RegistryIndexException error)
        {
            Fatal = error;
            lifetime.StopApplication();
        }
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        for (var pause = TimeSpan.FromSeconds(1); ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks)))
        {
            try
            {
                await index.InitializeAsync(cancellationToken);
                Problem = null;
                _initialized.TrySetResult();
                return;
            }
            catch (RegistryIndexException error) when (error.MayRetry)
            {
                Problem = "The index cannot be reached; the server's log says why.";
                LogUnreachable(logger, pause, error.Message);
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The index cannot be reached, trying again in {Pause}: {Problem}")]
    private static partial void LogUnreachable(ILogger logger, TimeSpan pause, string problem);
}
