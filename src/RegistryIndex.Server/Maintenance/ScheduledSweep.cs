using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RegistryIndex.DynamoDb;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Maintenance;

/// <summary>How often the server sweeps an index in DynamoDB.</summary>
internal sealed class SweepOptions : IValidatableObject
{
    /// <summary><c>extensions:dynamodb_index:sweep_interval</c>: hours from the end of one sweep to the next; 0, the default, is never.</summary>
    [ConfigurationKeyName("sweep_interval")]
    public int Hours { get; set; }

    // Not an attribute: the generated validator omits an attribute's own message and does not name the setting.
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Hours is < 0 or > 8760)
            yield return new("extensions:dynamodb_index:sweep_interval is in hours, 0 (never) to 8760.");
    }
}

[OptionsValidator]
internal sealed partial class SweepOptionsValidator : IValidateOptions<SweepOptions>;

/// <summary>Sweeps on a schedule, if configured. Two servers never sweep at the same time: that would be safe, but paid for twice.</summary>
internal sealed partial class ScheduledSweep(IRegistryIndex index, IServiceProvider services, IOptions<SweepOptions> options, TimeProvider time, ILogger<ScheduledSweep> logger)
    : BackgroundWork(time, logger)
{
    public override string Name => "The scheduled sweep";

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Hours == 0 || services.GetService<DynamoDbMaintenance>() is not { } maintenance)
            return;
        var work = new IndexWork(index, "sweep", time: Time);
        var interval = TimeSpan.FromHours(options.Value.Hours);
        while (true)
        {
            await DelayAsync(interval, stoppingToken);
            try
            {
                await using var lease = await work.TryTakeAsync(again: true, stoppingToken);
                if (lease is null)
                    continue;
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lease.Lost);
                var result = await maintenance.SweepAsync(cancellationToken: stop.Token);
                await lease.CompleteAsync(stop.Token);
                if (result.Withheld > 0)
                {
                    Failed(SweepSentences.OfWithheld(result), interval);
                    continue;
                }

                Succeeded();
                LogSwept(Logger, result.Orphans, result.Postings);
                if (result.Repaired > 0)
                    LogRepaired(Logger, SweepSentences.OfRepaired(result));
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(error, interval); // not sooner, as each sweep is billed
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Swept {Orphans} orphans of {Postings} postings")]
    private static partial void LogSwept(ILogger logger, long orphans, long postings);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Sentence}")]
    private static partial void LogRepaired(ILogger logger, string sentence);
}
