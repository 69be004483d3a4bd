using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RegistryIndex.Synchronization.Loading;

/// <summary>
/// Initializes the index when the server starts, and then fills a new one in the background. What fails it tries again; only a store
/// that says that no retry mends it ends the server.
/// </summary>
internal sealed class IndexStartup(IRegistryIndex index, IEnumerable<IIndexWarmUp> warmUps, FirstLoad firstLoad, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<IndexStartup> logger)
    : BackgroundWork(time, logger), IIndexStartup
{
    private readonly TaskCompletionSource _initialized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _loadTried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isReady;

    public override string Name => IsInitialized ? "The first load" : "The start of the index";

    /// <summary>Whether searches are answered.</summary>
    public bool IsInitialized => _initialized.Task.IsCompleted;

    /// <summary>Whether they are answered as soon as later ones are.</summary>
    public bool IsReady => _isReady;

    /// <summary>Completes when searches are answered.</summary>
    public Task Initialized => _initialized.Task;

    /// <summary>Completes when filling a new index was tried once, or needs not to be.</summary>
    public Task LoadTried => _loadTried.Task;

    /// <summary>Completes when the index holds what the storage holds, or somebody else's content; tells whether it was filled since the start.</summary>
    public Task<bool> Loaded => _loaded.Task;

    /// <summary>What ended the server.</summary>
    public RegistryIndexException? Fatal { get; private set; }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!IsInitialized && !await TryInitializeAsync(stoppingToken))
            return;
        foreach (var warmUp in _isReady ? [] : warmUps)
            await warmUp.RunAsync(stoppingToken);
        _isReady = true;
        try
        {
            _loaded.TrySetResult(await firstLoad.RunAsync(stoppingToken));
        }
        finally
        {
            _loadTried.TrySetResult();
        }
    }

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
