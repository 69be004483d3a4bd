using System.CommandLine;
using RegistryIndex.Migration;
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
        var force = new Option<bool>("--force") { Description = "Also remove more than sync_max_deletions allows, and also when the registry lists nothing. Check with --dry-run --force first." };
        var command = new Command(
            "sync",
            "Make the index equal to the registry: add and update what differs, remove what is gone. Before each removal, the registry is asked for the name. If the registry fails, nothing is removed; if it lists nothing or too much is gone at once, repositories are removed only with --force.") { dryRun, force };
        command.Runs(async (parsed, cancellationToken) =>
        {
            await using var services = parsed.GetValue(dryRun)
                ? await CommandServices.OpenForReadingAsync(parsed, cancellationToken, mayBeMissing: true, asksRegistry: true)
                : await CommandServices.OpenAsync(
                    parsed, cancellationToken, services => services.GetRequiredService<IRegistrySynchronizer>().CheckAsync(cancellationToken), asksRegistry: true);
            if (LeftFacts.FindOfRegistry(services.GetRequiredService<IRegistryIndex>()) is { } left)
                Console.Error.WriteLine(left);
            var progress = new Progress(services.GetRequiredService<TimeProvider>());
            var mode = new SyncMode { IsForced = parsed.GetValue(force), ReadsAgain = true, Changed = Console.WriteLine, Progress = progress };
            var result = await progress.RunAsync("Syncing", () => parsed.GetValue(dryRun)
                ? services.GetRequiredService<IRegistrySynchronizer>().TryOutAsync(mode, cancellationToken)
                : RunAsync(services, mode, cancellationToken));
            Console.Error.WriteLine(parsed.GetValue(dryRun) ? $"Dry run, nothing was written: {result}" : $"Synced: {result}");
            if (result.Unreadable + result.Unclear > 0)
                Console.Error.WriteLine($"{result.Unreadable + result.Unclear} repositories could not be read completely; the warnings above say which, and why.");
            if (result.Withheld > 0)
            {
                Console.Error.WriteLine(result.IsEmpty
                    ? $"The registry lists no repositories, so the {result.Withheld} repositories of the index stay. If the registry is really empty, check with --dry-run --force, and run sync --force."
                    : $"{result.Withheld} repositories are gone from the registry, more than sync_max_deletions allows to be removed at once: check with --dry-run --force, and if this is right run sync --force.");
            }

            return result.IsClean ? ExitCode.Done : ExitCode.Failed;
        }, interrupted: "the changes so far stay. The same command does the rest.");
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
                Console.Error.WriteLine("Another process is syncing this index; waiting for it.");
            await Task.Delay(AskAgain, cancellationToken);
        }
    }
}
