using Microsoft.Extensions.Hosting;
using RegistryIndex.Providers;

namespace RegistryIndex.Hosting;

/// <summary>Initializes all indexes, one after the other, before hosted services start.</summary>
internal sealed class IndexInitialization(IEnumerable<RegisteredIndex> indexes, IServiceProvider provider) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var index in indexes)
            await index.In(provider).InitializeAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
