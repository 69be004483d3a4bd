using System.CommandLine;
using System.Globalization;
using RegistryIndex.DynamoDb;
using RegistryIndex.Server.Maintenance;
using RegistryIndex.Server.Terminal;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index sweep</c>: removes what crashed writers left in DynamoDB.</summary>
internal static class SweepCommand
{
    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only count them." };
        const int MinutesOfYear = 366 * 24 * 60;
        var grace = new Option<int>("--grace")
        {
            Description = "The minimum age of a posting in minutes.",
            HelpName = "MINUTES",
            DefaultValueFactory = _ => (int)DynamoDbMaintenance.DefaultGrace.TotalMinutes,
        }.Within((int)DynamoDbMaintenance.LeastGrace.TotalMinutes, MinutesOfYear);
        var force = new Option<bool>("--force") { Description = string.Create(CultureInfo.InvariantCulture, $"Also remove more than {DynamoDbMaintenance.MostSwept} % of the postings. Check with --dry-run first.") };
        var command = new Command("sweep", "DynamoDB: remove the postings that crashed writers left behind. Searches never show them, but they cost. If they are too many, only --force removes them.") { dryRun, grace, force };
        command.Runs(async (parsed, cancellationToken) =>
        {
            using var meter = new CostMeter();
            var isDryRun = parsed.GetValue(dryRun);
            await using var services = isDryRun
                ? await CommandServices.OpenForReadingAsync(parsed, cancellationToken, services => services.CheckMaintenance("sweep"))
                : await CommandServices.OpenExistingAsync(parsed, cancellationToken, services => services.CheckMaintenance("sweep"));
            meter.Reset();
            var result = await services.GetMaintenance("sweep").SweepAsync(
                isDryRun, TimeSpan.FromMinutes(parsed.GetValue(grace)), parsed.GetValue(force), progress: null, cancellationToken);
            var removed = result.Withheld > 0 ? "withheld" : "removed";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{result.Postings:n0} postings looked at, {result.Orphans:n0} orphans {(result.DryRun ? "found" : removed)}."));
            if (result.Repaired > 0)
                Console.WriteLine(SweepSentences.OfRepaired(result));
            if (result.Withheld > 0)
                await Console.Error.WriteLineAsync(SweepSentences.OfWithheld(result));
            meter.Write();
            return result.Withheld > 0 ? ExitCode.Failed : ExitCode.Done;
        }, interrupted: "what was removed cannot be restored. The same command removes the rest.");
        return command;
    }

    /// <summary>Throws when the index is not one that can be swept.</summary>
    public static Task CheckMaintenance(this IServiceProvider services, string command)
    {
        services.GetMaintenance(command);
        return Task.CompletedTask;
    }

    public static DynamoDbMaintenance GetMaintenance(this IServiceProvider services, string command) =>
        services.GetService<DynamoDbMaintenance>()
        ?? throw new ArgumentException($"{command} is only for an index in DynamoDB, but search_backend is '{services.GetRequiredService<IConfiguration>()[RegistryIndexServiceCollectionExtensions.ProviderKey]}'; it needs none.");
}
