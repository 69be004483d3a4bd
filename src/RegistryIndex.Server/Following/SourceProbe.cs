using RegistryIndex.Registry;
using RegistryIndex.Storage;

namespace RegistryIndex.Server.Following;

/// <summary>Asks the registry now and then whether it is there: one that is down sends no events, and nobody would notice.</summary>
internal sealed class SourceProbe(FollowedSource source, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (source.Source is not RegistryClient client)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await client.ProbeAsync(stoppingToken);
                source.Answered();
            }
            catch (RegistrySourceException error)
            {
                source.Failed(error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
