using System.CommandLine;
using RegistryIndex.Server.Files;
using RegistryIndex.Server.Terminal;
using RegistryIndex.Server.Transfer;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index import</c>: lines of text into the index.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "JSON Lines {\"name\": …, \"description\": …} or name<TAB>description; - for standard input." };
        var cost = new Option<bool>("--cost") { Description = "Also say what the backend bills for it." };
        var references = new Option<bool>("--references") { Description = "Take the names of references: of docker.io/library/redis:7 library/redis." };
        var keep = new Option<bool>("--keep-descriptions") { Description = "Leave a description that is stored as it is where the file has none." };
        var refusedFile = new Option<string?>("--refused") { Description = "Where to list the lines that are refused, as JSON Lines; the first are on standard error unless told otherwise.", HelpName = "FILE" };
        var command = new Command("import", "Add and update repositories from a file. Never deletes; a refused line is reported and the rest goes on.")
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
        }, interrupted: "what was imported stays. The same command with the same input imports the rest.");
        return command;
    }

    private static (Stream Input, string What) Open(string file, CancellationToken cancellationToken) => file == "-"
        ? (StandardStreams.OpenInput(cancellationToken), "Standard input")
        : (GivenFile.OpenFileOrPipe(file, "The file", cancellationToken), $"The file '{RepositoryName.Shown(file, most: 200)}'");
}
