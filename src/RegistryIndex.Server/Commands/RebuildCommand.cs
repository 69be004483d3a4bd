using System.CommandLine;
using System.Globalization;
using RegistryIndex.Server.Terminal;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index rebuild</c>: rewrites the search table from the repository table.</summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        var create = new Option<bool>("--create") { Description = "First recreate a table that existed and is lost. A repository table is then empty until its repositories are loaded again." };
        var command = new Command("rebuild", "DynamoDB: rewrite the search table from the repository table, for example after a backup was restored. Continues where it was interrupted.") { create };
        command.Runs(async (parsed, cancellationToken) =>
        {
            using var meter = new CostMeter();
            await using var services = await CommandServices.OpenExistingAsync(parsed, cancellationToken, async services =>
            {
                var maintenance = services.GetMaintenance("rebuild");
                foreach (var table in parsed.GetValue(create) ? await maintenance.CreateLostTablesAsync(cancellationToken) : [])
                    await Console.Error.WriteLineAsync($"Created the table {table}, which did not exist.");
            });
            meter.Reset();
            var maintenance = services.GetMaintenance("rebuild");
            var progress = new Progress(services.GetRequiredService<TimeProvider>());
            var rows = await progress.RunAsync("Rebuilding", () => maintenance.RebuildAsync(progress, cancellationToken));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:n0} repositories have their postings."));
            meter.Write();
            return ExitCode.Done;
        }, interrupted: "the same command continues from there.");
        return command;
    }
}
