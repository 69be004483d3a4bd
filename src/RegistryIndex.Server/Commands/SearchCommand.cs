using System.CommandLine;
using System.Text.Json;
using RegistryIndex.Server.Answers;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.Terminal;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index search</c>.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var terms = new Argument<string[]>("TERM") { Description = "Words that must all occur in the name or the description; none lists everything.", Arity = ArgumentArity.ZeroOrMore };
        var most = new Option<int>("--limit", "-n") { Description = "How many repositories at most.", DefaultValueFactory = _ => SearchRequest.DefaultLimit }.Within(1);
        var json = new Option<bool>("--json") { Description = "Answer as GET /v1/search does." };
        var cost = new Option<bool>("--cost") { Description = "Also say what the backend bills for it." };
        var command = new Command("search", "Search the index, best match first.") { terms, most, json, cost };
        command.Runs(async (parsed, cancellationToken) =>
        {
            var text = string.Join(' ', parsed.GetValue(terms) ?? []);
            _ = new SearchRequest(text); // words that cannot be searched are a mistake also where there is no index
            using var meter = new CostMeter();
            await using var services = await CommandServices.OpenForReadingAsync(parsed, cancellationToken);
            meter.Reset();
            var limit = parsed.GetValue(most);
            var reader = new PageReader(services.GetRequiredService<IRegistryIndex>(), text, continuation: null);
            var found = await reader.ReadAsync(limit, cancellationToken);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(SearchAnswer.Of(text, 1, limit, found, reader.Continuation), ServerJson.Default.SearchAnswer));
            else
                RepositoryTable.Write(found);
            if (parsed.GetValue(cost))
                meter.Write();
            return ExitCode.Done;
        });
        return command;
    }
}
