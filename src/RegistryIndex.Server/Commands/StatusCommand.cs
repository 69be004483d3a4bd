using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("status", "Show where the index is, what it contains, and the progress of its first load.") { json };
        command.Runs(async (parsed, cancellationToken) =>
        {
            await using var services = await CommandServices.OpenForReadingAsync(parsed, cancellationToken);
            var index = services.GetRequiredService<IRegistryIndex>();
            var status = await index.GetStatusAsync(cancellationToken);
            var load = await new IndexWork(index, IRegistryLoader.WorkName).GetStateAsync(cancellationToken);
            var log = await services.GetRequiredService<SyncLogMark>().ReadAsync(cancellationToken);
            var answer = new StatusAnswer(status.Provider, status.Location, status.Repositories, status.IsEstimate, await WordsAsync(services, load, log, cancellationToken), services.GetRequiredService<IRegistryStorage>().Location, services.GetRequiredService<IFollowedSource>().Source?.Location, log.Last?.Ended, log.IsNeeded, log.Unread?.ToString());
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(answer, StatusJson.Default.StatusAnswer) : answer.ToText());
            return ExitCode.Done;
        });
        return command;
    }

    // The server does not fill an index that has content already, such as from an import or a migration.
    private static async Task<string> WordsAsync(IServiceProvider services, WorkState load, SyncLog log, CancellationToken cancellationToken) => load switch
    {
        WorkState.Running => "running",
        WorkState.Done => log.Unread is null ? "done" : "incomplete",
        _ when services.GetRequiredService<IRegistryStorage>().IsConfigured
            && !await services.GetRequiredService<IRegistryIndex>().ListAsync(null, 1, cancellationToken).AnyAsync(cancellationToken) => "not begun",
        _ => log.Unread is null && (log.Begun == 0 || log.Completed > 0) ? "not needed" : "incomplete", // a re-sync failed or read only a part
    };
}

internal sealed record StatusAnswer(string Backend, string Location, long Repositories, bool IsEstimate, string FirstLoad, string Storage, string? Follows, DateTimeOffset? LastSync, bool SyncNeeded, string? Problem)
{
    public string ToText() => $"""
        backend       {Backend}
        location      {Location}
        repositories  {Repositories}{(IsEstimate ? " (an estimate)" : "")}
        first load    {FirstLoad}
        storage       {Storage}
        follows       {Follows ?? "events alone"}
        last sync     {LastSync?.ToString("u", CultureInfo.InvariantCulture) ?? "never"}{(SyncNeeded ? " (one is needed)" : "")}
        """ + (Problem is null ? "" : $"\nproblem       {Problem}");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatusAnswer))]
internal sealed partial class StatusJson : JsonSerializerContext;
