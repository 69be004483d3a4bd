using Microsoft.Extensions.Logging;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization.Refreshing;

namespace RegistryIndex.Synchronization.Following;

/// <summary>Asks the registry now and then whether it is there: one that is down sends no events, and nobody would notice.</summary>
internal sealed class SourceProbe(FollowedSource source, TimeProvider time, ILogger<SourceProbe> logger) : BackgroundWork(time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    public override string Name => "Asking the registry whether it is there";

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
