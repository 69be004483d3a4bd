using System.CommandLine;
using System.Text;
using RegistryIndex.Server.Terminal;
using RegistryIndex.Server.Transfer;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index export</c>: writes the index as lines of text.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var format = new Option<string>("--format", "-f") { Description = "jsonl or tsv.", HelpName = "FORMAT", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("jsonl", "tsv");
        var command = new Command("export", "Write every repository to standard output, in name order, in the format that import reads.") { format };
        command.Runs(async (parsed, cancellationToken) =>
        {
            await using var services = await CommandServices.OpenForReadingAsync(parsed, cancellationToken);
            Func<Repository, string> toLine = parsed.GetValue(format) == "tsv" ? RowFormat.ToTsv : RowFormat.ToJson;
            await using var output = new StreamWriter(StandardStreams.OpenOutput(cancellationToken), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024) { NewLine = "\n" };
            var count = 0L;
            await foreach (var repository in services.GetRequiredService<IRegistryIndex>().ListAsync(cancellationToken: cancellationToken))
            {
                await output.WriteLineAsync(toLine(repository).AsMemory(), cancellationToken);
                count++;
            }

            await output.FlushAsync(cancellationToken);
            await Console.Error.WriteLineAsync($"{count} repositories exported.");
            return ExitCode.Done;
        }, interrupted: "the output is incomplete. Run the same command again to write all of it.");
        return command;
    }
}
