using System.CommandLine;
using System.Globalization;
using RegistryIndex.Migration;
using RegistryIndex.Server.Indexes;
using RegistryIndex.Server.Terminal;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index verify</c>: checks whether two indexes are equal.</summary>
internal static class VerifyCommand
{
    private static readonly Option<int> Searches = new Option<int>("--searches") { Description = "The number of searches to compare; 0 compares none.", DefaultValueFactory = _ => 100 }.Within(0, 10_000);

    public static Command Create()
    {
        var command = new Command("verify", "Compare every repository of two indexes, and a sample of searches page by page. Differences are JSON Lines on standard output; the exit code is then 1.")
        {
            MigrateCommand.From, MigrateCommand.To, Searches,
        };
        command.Runs(RunAsync, interrupted: "the comparison is incomplete, and nothing was changed. The same command starts it again.");
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var inUse = Settings.ReadChecked(parsed, cancellationToken);
        using var meter = new CostMeter();
        var (left, right) = (Settings.ReadNamedIndex(parsed, MigrateCommand.From, inUse), Settings.ReadNamedIndex(parsed, MigrateCommand.To, inUse));
        await using var from = await OpenedIndex.ForReadingAsync(left, cancellationToken);
        await using var to = await OpenedIndex.ForReadingAsync(right, cancellationToken);
        if (from.Index.Provider == to.Index.Provider && from.Location == to.Location)
            throw new ConfigurationMistakeException($"--from and --to are the same index, {from.Location}; name two different ones.");
        if ((LeftFacts.Find(from.Index, to.Index) ?? LeftFacts.Find(to.Index, from.Index)) is { } behind)
            await Console.Error.WriteLineAsync($"{behind} Facts are not compared.");
        var sample = new SearchSample(parsed.GetValue(Searches));
        var isMirrored = from.IsMirrored || to.IsMirrored;
        var progress = new Terminal.Progress(TimeProvider.System, from.Repositories);
        var repositories = new IndexComparison(from.Index, to.Index, TimeProvider.System) { Seen = sample.See, Progress = progress, IsMirrored = isMirrored };
        var differences = await progress.RunAsync("Comparing", async () =>
        {
            var count = 0L;
            await foreach (var difference in repositories.FindAsync(cancellationToken))
            {
                Console.WriteLine(difference.ToJson());
                count++;
            }

            return count;
        });
        (string, int)[] searches = [.. sample.Draw()];
        var searchDifferences = await progress.RunAsync("Searching", () => new SearchComparison(from.ToEndpoint(), to.ToEndpoint(), TimeProvider.System, isMirrored && differences == 0).FindAsync(searches, cancellationToken));
        foreach (var difference in searchDifferences)
            Console.WriteLine(difference.ToJson());
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{repositories.InFrom:n0} repositories in {from.Location}, {repositories.InTo:n0} in {to.Location}: {differences:n0} differ. {searches.Length:n0} searches: {searchDifferences.Count:n0} differ."));
        meter.WriteIfBilled();
        return differences + searchDifferences.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }
}
