using Microsoft.Extensions.Logging;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization.Refreshing;

namespace RegistryIndex.Synchronization.Following;

/// <summary>Checks from time to time whether the registry answers: one that is down sends no events, so nothing else would reveal it.</summary>
internal sealed class SourceProbe(FollowedSource source, TimeProvider time, ILogger<SourceProbe> logger) : BackgroundWork(time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    public override string Name => "Checking whether the registry answers";

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (source.Source is not IRegistryApi registry)
            return;
        using var timer = new PeriodicTimer(Interval, Time);
        do
        {
            try
            {
                await registry.ProbeAsync(stoppingToken);
                source.Answered();
                Succeeded();
            }
            catch (RegistrySourceException error)
            {
                source.Failed(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
