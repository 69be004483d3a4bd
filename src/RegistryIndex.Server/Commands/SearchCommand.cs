using System.CommandLine;
using System.Text.Json;
using RegistryIndex.Server.Answers;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.Terminal;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index search</c>.</summary>
internal static class SearchCommand
{
    private const string Relevance = "relevance";
    private const string Pushed = "pushed";

    public static Command Create()
    {
        var terms = new Argument<string[]>("TERM") { Description = "Words that must all occur in the name or the description; without words, all repositories are listed.", Arity = ArgumentArity.ZeroOrMore };
        var most = new Option<int>("--limit", "-n") { Description = "The maximum number of repositories.", DefaultValueFactory = _ => SearchRequest.DefaultLimit }.Within(1);
        var sort = new Option<string>("--sort") { Description = "relevance, or pushed: the last push first, only without words.", DefaultValueFactory = _ => Relevance };
        sort.AcceptOnlyFromAmong(Relevance, Pushed);
        var json = new Option<bool>("--json") { Description = "Print the answer of GET /v1/search, with the facts of each repository." };
        var cost = new Option<bool>("--cost") { Description = "Also print what the provider bills for it." };
        var command = new Command("search", "Search the index, best match first.") { terms, most, sort, json, cost };
        command.Runs(async (parsed, cancellationToken) =>
        {
            var text = string.Join(' ', parsed.GetValue(terms) ?? []);
            var order = parsed.GetValue(sort) == Pushed ? SearchOrder.Pushed : SearchOrder.Relevance;
            _ = new SearchRequest(text, order: order); // an invalid search is an error even when the index does not exist
            using var meter = new CostMeter();
            await using var services = await CommandServices.OpenForReadingAsync(parsed, cancellationToken);
            meter.Reset();
            var limit = parsed.GetValue(most);
            var reader = new PageReader(services.GetRequiredService<IRegistryIndex>(), text, continuation: null, order: order);
            var found = await reader.ReadAsync(limit, cancellationToken);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(SearchAnswer.Of(text, 1, limit, found, reader.Continuation) with { Results = found.Select(SearchRow.WithFactsOf) }, ServerJson.Default.SearchAnswer));
            else
                RepositoryTable.Write(found);
            if (parsed.GetValue(cost))
                meter.Write();
            return ExitCode.Done;
        });
        return command;
    }
}
