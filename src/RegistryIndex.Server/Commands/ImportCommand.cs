using System.CommandLine;
using RegistryIndex.Server.Files;
using RegistryIndex.Server.Terminal;
using RegistryIndex.Server.Transfer;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index import</c>: imports lines of text into the index.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "JSON Lines {\"name\": …, \"description\": …, \"facts\": …} or name<TAB>description; - for standard input." };
        var cost = new Option<bool>("--cost") { Description = "Also print what the provider bills for it." };
        var references = new Option<bool>("--references") { Description = "Import the names of references: library/redis for docker.io/library/redis:7." };
        var keep = new Option<bool>("--keep-descriptions") { Description = "Keep a stored description if the file has none." };
        var refusedFile = new Option<string?>("--refused") { Description = "The file for the refused lines, as JSON Lines; by default the first are printed to standard error.", HelpName = "FILE" };
        var command = new Command("import", "Add and update repositories from a file. Never deletes. A refused line is reported, and the import continues.")
        {
            file, keep, references, refusedFile, cost,
        };
        command.Runs(async (parsed, cancellationToken) =>
        {
            var (input, what) = Open(parsed.GetRequiredValue(file), cancellationToken);
            await using var disposed = input;
            using var refusals = new RefusalList(parsed.GetValue(refusedFile));
            using var meter = new CostMeter();
            StreamReader? lines = null;
            await using var services = await CommandServices.OpenAsync(parsed, cancellationToken, async _ => lines = await RowText.OpenAsync(input, what, cancellationToken));
            meter.Reset();
            var progress = new Progress(services.GetRequiredService<TimeProvider>());
            var rows = new RowReader(lines!, parsed.GetValue(references), refusals.Add);
            var options = new ImportOptions { Progress = progress, Refused = refusals.Add, KeepDescriptions = parsed.GetValue(keep) };
            var result = await progress.RunAsync("Importing", () =>
                services.GetRequiredService<IRegistryIndex>().ImportAsync(rows.ReadAsync(cancellationToken), options, cancellationToken));
            result += new ImportResult { Refused = rows.Refused };
            progress.Done(result);
            refusals.SayCount();
            if (parsed.GetValue(cost))
                meter.Write();
            return result.Refused > 0 ? ExitCode.Failed : ExitCode.Done;
        }, interrupted: "the imported rows stay. The same command with the same input imports the rest.");
        return command;
    }

    private static (Stream Input, string What) Open(string file, CancellationToken cancellationToken) => file == "-"
        ? (StandardStreams.OpenInput(cancellationToken), "Standard input")
        : (GivenFile.OpenFileOrPipe(file, "The file", cancellationToken), $"The file '{RepositoryName.Shown(file, most: 200)}'");
}
