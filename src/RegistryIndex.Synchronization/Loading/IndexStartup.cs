using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RegistryIndex.Synchronization.Loading;

/// <summary>
/// Initializes the index when the server starts, and then fills a new index in the background. Failures are retried; the server ends only
/// when the store reports an error that no retry can fix.
/// </summary>
internal sealed partial class IndexStartup(IRegistryIndex index, IEnumerable<IIndexWarmUp> warmUps, FirstLoad firstLoad, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<IndexStartup> logger)
    : BackgroundWork(time, logger), IIndexStartup
{
    private readonly TaskCompletionSource _initialized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _loadTried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override string Name => IsInitialized ? "The first load" : "The start of the index";

    /// <summary>Whether searches are answered.</summary>
    public bool IsInitialized => _initialized.Task.IsCompleted;

    /// <summary>Completes when searches are answered at their normal speed.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when searches are answered.</summary>
    public Task Initialized => _initialized.Task;

    /// <summary>Completes when the first load was tried once, or is not needed.</summary>
    public Task LoadTried => _loadTried.Task;

    /// <summary>
    /// Completes when the index holds the storage's content, or content from elsewhere; the result says whether it was filled since the
    /// start.
    /// </summary>
    public Task<bool> Loaded => _loaded.Task;

    /// <summary>The error that ended the server.</summary>
    public RegistryIndexException? Fatal { get; private set; }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!IsInitialized && !await TryInitializeAsync(stoppingToken))
            return;
        foreach (var warmUp in _ready.Task.IsCompleted ? [] : warmUps)
            await warmUp.RunAsync(stoppingToken);
        if (_ready.TrySetResult())
            LogReady(Logger);
        try
        {
            _loaded.TrySetResult(await firstLoad.RunAsync(stoppingToken));
        }
        finally
        {
            _loadTried.TrySetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready: searches are answered")]
    private static partial void LogReady(ILogger logger);

    private async Task<bool> TryInitializeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await index.InitializeAsync(cancellationToken);
            Succeeded();
            _initialized.TrySetResult();
            return true;
        }
        catch (RegistryIndexException error) when (!error.MayRetry)
        {
            Fatal = error;
            lifetime.StopApplication();
            return false;
        }
    }
}
