using System.CommandLine;
using RegistryIndex.Server.Terminal;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index sync</c>: makes the index equal to the registry.</summary>
internal static class SyncCommand
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Write nothing; print what would be added (+), updated (~) and removed (-)." };
        var force = new Option<bool>("--force") { Description = "Remove also more than sync_max_deletions allows, and also when the registry lists nothing at all. See --dry-run --force first." };
        var command = new Command(
            "sync",
            "Make the index equal to the registry: add and update what differs, remove what is gone. Removes what the registry, asked for each name, says it does not have; nothing when it fails, and by --force only when it lists nothing or too much is gone at once.") { dryRun, force };
        command.Runs(async (parsed, cancellationToken) =>
        {
            await using var services = parsed.GetValue(dryRun)
                ? await CommandServices.OpenForReadingAsync(parsed, cancellationToken, mayBeMissing: true, asksRegistry: true)
                : await CommandServices.OpenAsync(
                    parsed, cancellationToken, services => services.GetRequiredService<IRegistrySynchronizer>().CheckAsync(cancellationToken), asksRegistry: true);
            var progress = new Progress(services.GetRequiredService<TimeProvider>());
            var mode = new SyncMode { IsForced = parsed.GetValue(force), Changed = Console.WriteLine, Progress = progress };
            var result = await progress.RunAsync("Syncing", () => parsed.GetValue(dryRun)
                ? services.GetRequiredService<IRegistrySynchronizer>().TryOutAsync(mode, cancellationToken)
                : RunAsync(services, mode, cancellationToken));
            Console.Error.WriteLine(parsed.GetValue(dryRun) ? $"A dry run, nothing was written: {result}" : $"Synced: {result}");
            if (result.Unreadable + result.Unclear > 0)
                Console.Error.WriteLine($"{result.Unreadable + result.Unclear} repositories could not be read whole; the warnings above say which, and why.");
            if (result.Withheld > 0)
            {
                Console.Error.WriteLine(result.IsEmpty
                    ? $"The registry lists nothing at all, which is not believed: the {result.Withheld} repositories of the index stay. If it is right, see --dry-run --force, and run sync --force."
                    : $"{result.Withheld} repositories are gone from the registry, more than sync_max_deletions allows to be removed at once: see --dry-run --force, and if it is right run sync --force.");
            }

            return result.IsClean ? ExitCode.Done : ExitCode.Failed;
        }, interrupted: "what was changed stays, and nothing else is known to be gone. The same command does the rest.");
        return command;
    }

    private static async Task<SyncResult> RunAsync(ServiceProvider services, SyncMode mode, CancellationToken cancellationToken)
    {
        var sync = services.GetRequiredService<IRegistrySynchronizer>();
        for (var waits = 0; ; waits++)
        {
            if (await sync.TryRunAsync(mode, cancellationToken) is { } result)
                return result;
            if (waits == 0)
                Console.Error.WriteLine("Another process is syncing this index; waiting until it is done.");
            await Task.Delay(AskAgain, cancellationToken);
        }
    }
}
