using System.CommandLine;
using RegistryIndex.Backends;
using RegistryIndex.Conformance;
using RegistryIndex.Server.Conformance;
using RegistryIndex.Server.Files;
using RegistryIndex.Server.Terminal;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index conformance</c>: whether a backend keeps the index contract, tried in a scratch place.</summary>
internal static class ConformanceCommand
{
    public static readonly Option<string?> Backend = Settings.Setting("--backend", "The backend to try; the configured one unless told otherwise.", "NAME");
    private static readonly Option<string?> Html = Output("--html", "Also write the report as one HTML page.");
    private static readonly Option<string?> JUnit = Output("--junit", "Also write the report as JUnit XML.");
    private static readonly Option<string?> Json = Output("--json", "Also write the report as JSON.");
    private static readonly Option<string[]> Cases = new("--case") { Description = "Only this case, by its id, such as to repeat a failure; may be given several times.", HelpName = "ID" };
    private static readonly Option<int> Seed = new Option<int>("--seed") { Description = "What the random histories grow from.", DefaultValueFactory = _ => new ConformanceOptions().Seed }.Within(int.MinValue);

    private static readonly Option<bool> Quick = new("--quick") { Description = "Leave out the slow cases, which try large indexes; the report says which." };

    public static Command Create()
    {
        var command = new Command("conformance", "Try a backend against every clause of the index contract. Makes a scratch index beside the configured one for each case and removes it again; the configured index is not touched.")
        {
            Backend, Html, JUnit, Json, Cases, Seed, Quick,
        };
        command.Runs(async (parsed, cancellationToken) =>
        {
            var configuration = Settings.ReadChecked(parsed, cancellationToken);
            (string File, Func<ConformanceReport, string> Write)[] outputs =
            [
                .. OutputTo(parsed, Html, report => report.ToHtml()), .. OutputTo(parsed, JUnit, report => report.ToJUnitXml()), .. OutputTo(parsed, Json, report => report.ToJson()),
            ];
            var only = (parsed.GetValue(Cases) ?? []).Select(ConformanceSuite.Find).ToHashSet();
            try
            {
                var options = new ConformanceOptions { Seed = parsed.GetValue(Seed), Only = [.. only.Select(one => one.Id)], Quick = parsed.GetValue(Quick) };
                var report = await TryAsync(configuration, options, cancellationToken);
                foreach (var (file, write) in outputs)
                    await File.WriteAllTextAsync(file, write(report), cancellationToken);
                report.WriteTable(Console.Out);
                return report.Succeeded ? ExitCode.Done : ExitCode.Failed;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return Runner.Say(parsed, ["Interrupted; the scratch index was removed."], ExitCode.Interrupted);
            }
        });
        return command;
    }

    private static async Task<ConformanceReport> TryAsync(IConfiguration configuration, ConformanceOptions options, CancellationToken cancellationToken)
    {
        await using var harness = new BackendHarness(FindBackend(configuration), configuration);
        await Console.Error.WriteLineAsync($"Trying {harness.Name} in scratch places such as {await harness.ProbeAsync(cancellationToken)}.");
        var progress = new Progress(TimeProvider.System);
        var cases = options.Only.Count == 0 ? ConformanceSuite.Cases.Count : options.Only.Count;
        options = options with { Progress = new CaseProgress(progress, cases) };
        return await progress.RunAsync("Trying", () => ConformanceSuite.RunAsync(harness, options, cancellationToken));
    }

    private static IScratchBackend FindBackend(IConfiguration configuration) => configuration.FindBackend() switch
    {
        IScratchBackend backend => backend,
        NoIndexBackend => throw new ArgumentException("search_backend is empty or none, so there is no index to try; name a backend."),
        _ => throw new ArgumentException(
            $"The backend '{configuration["search_backend"]}' does not say how a scratch index is made (IScratchBackend), and nothing is tried on the configured one; run the kit in the backend's own tests, as docs/writing-a-provider.md shows."),
    };

    private static Option<string?> Output(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    // What would fail after all the work fails before it.
    private static IEnumerable<(string File, Func<ConformanceReport, string> Write)> OutputTo(ParseResult parsed, Option<string?> option, Func<ConformanceReport, string> write)
    {
        if (parsed.GetValue(option) is not { } file)
            return [];
        GivenFile.OpenToAppend(file, option.Name).Dispose();
        return [(file, write)];
    }
}
