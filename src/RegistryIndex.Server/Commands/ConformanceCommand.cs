using System.CommandLine;
using RegistryIndex.Conformance;
using RegistryIndex.Providers;
using RegistryIndex.Server.Conformance;
using RegistryIndex.Server.Files;
using RegistryIndex.Server.Terminal;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index conformance</c>: tests in a scratch place whether a provider fulfils the index contract.</summary>
internal static class ConformanceCommand
{
    public static readonly Option<string?> Provider = Settings.Setting("--backend", "The provider to test; by default the configured one.", "NAME");
    private static readonly Option<string?> Html = Output("--html", "Also write the report as one HTML page.");
    private static readonly Option<string?> JUnit = Output("--junit", "Also write the report as JUnit XML.");
    private static readonly Option<string?> Json = Output("--json", "Also write the report as JSON.");
    private static readonly Option<string[]> Cases = new("--case") { Description = "Run only this case, by its id, for example to repeat a failure; may be given several times.", HelpName = "ID" };
    private static readonly Option<int> Seed = new Option<int>("--seed") { Description = "The seed of the random histories.", DefaultValueFactory = _ => new ConformanceOptions().Seed }.Within(int.MinValue);

    private static readonly Option<bool> Quick = new("--quick") { Description = "Omit the slow cases, which use large indexes; the report says which." };

    private static readonly Option<bool> Listing = new("--list") { Description = "Only list the cases, with their ids and the clauses that they test." };

    public static Command Create()
    {
        var command = new Command("conformance", "Test a provider against every clause of the index contract. Creates a scratch index beside the configured one for each case and removes it again; the configured index is not touched.")
        {
            Provider, Html, JUnit, Json, Cases, Seed, Quick, Listing,
        };
        command.Runs(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(Listing))
                return List();
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

    private static int List()
    {
        foreach (var topic in ConformanceSuite.Cases.GroupBy(one => one.Topic))
        {
            Console.WriteLine(topic.Key);
            foreach (var one in topic)
                Console.WriteLine($"  {one.Id} ({string.Join(", ", one.Clauses)}){(one.IsSlow ? ", slow" : "")}: {one.Statement}");
        }

        return ExitCode.Done;
    }

    private static async Task<ConformanceReport> TryAsync(IConfiguration configuration, ConformanceOptions options, CancellationToken cancellationToken)
    {
        await using var harness = new ProviderHarness(FindProvider(configuration), configuration);
        await Console.Error.WriteLineAsync($"Testing {harness.Name} in scratch places such as {await harness.ProbeAsync(cancellationToken)}.");
        var progress = new Progress(TimeProvider.System);
        var cases = options.Only.Count == 0 ? ConformanceSuite.Cases.Count : options.Only.Count;
        options = options with { Progress = new CaseProgress(progress, cases) };
        return await progress.RunAsync("Trying", () => ConformanceSuite.RunAsync(harness, options, cancellationToken));
    }

    private static IScratchProvider FindProvider(IConfiguration configuration) => RegistryIndexProviders.Find(configuration) switch
    {
        IScratchProvider provider => provider,
        _ when configuration[RegistryIndexServiceCollectionExtensions.ProviderKey]?.Trim() is "" or NoIndex.Name => throw new ArgumentException("search_backend is empty or none, so there is no index to test; set it to a provider."),
        _ => throw new ArgumentException(
            $"The provider '{configuration["search_backend"]}' cannot create a scratch index (IScratchProvider), and the kit never uses the configured one; run the kit in the provider's own tests, as docs/writing-a-provider.md shows."),
    };

    private static Option<string?> Output(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    // Fails before the work begins, instead of after it.
    private static IEnumerable<(string File, Func<ConformanceReport, string> Write)> OutputTo(ParseResult parsed, Option<string?> option, Func<ConformanceReport, string> write)
    {
        if (parsed.GetValue(option) is not { } file)
            return [];
        GivenFile.OpenToAppend(file, option.Name).Dispose();
        return [(file, write)];
    }
}
