using System.CommandLine;
using System.Globalization;
using RegistryIndex.Server.Terminal;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index rebuild</c>: writes the search table anew from the repository table.</summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        var create = new Option<bool>("--create") { Description = "Make a table anew first that was there and is lost. A repository table is then empty until its repositories are loaded again." };
        var command = new Command("rebuild", "DynamoDB: write the search table anew from the repository table, such as after a restored backup. Goes on where it was interrupted.") { create };
        command.Runs(async (parsed, cancellationToken) =>
        {
            using var meter = new CostMeter();
            await using var services = await CommandServices.OpenExistingAsync(parsed, cancellationToken, async services =>
            {
                var maintenance = services.GetMaintenance("rebuild");
                foreach (var table in parsed.GetValue(create) ? await maintenance.CreateLostTablesAsync(cancellationToken) : [])
                    await Console.Error.WriteLineAsync($"There was no table {table}: it is made.");
            });
            meter.Reset();
            var maintenance = services.GetMaintenance("rebuild");
            var progress = new Progress(services.GetRequiredService<TimeProvider>());
            var rows = await progress.RunAsync("Rebuilding", () => maintenance.RebuildAsync(progress, cancellationToken));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:n0} repositories have their postings."));
            meter.Write();
            return ExitCode.Done;
        }, interrupted: "the same command goes on where it was.");
        return command;
    }
}
