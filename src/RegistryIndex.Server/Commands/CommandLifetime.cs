namespace RegistryIndex.Server.Commands;

/// <summary>A host that lives as long as its command: <see cref="Termination"/> alone handles signals.</summary>
internal sealed class CommandLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
