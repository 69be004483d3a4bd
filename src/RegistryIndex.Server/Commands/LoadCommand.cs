using System.CommandLine;
using RegistryIndex.Server.Terminal;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index load</c>: the registry's storage into the index, as often as you like.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var command = new Command("load", "Bring what the registry's storage holds into the index. Adds and updates, never deletes; run it again at any time.");
        command.Runs(async (parsed, cancellationToken) =>
        {
            await using var services = await CommandServices.OpenAsync(
                parsed, cancellationToken, services => services.GetRequiredService<IRegistryStorage>().CheckAsync(cancellationToken));
            var progress = new Progress(services.GetRequiredService<TimeProvider>());
            var done = await progress.RunAsync("Loading", () => services.GetRequiredService<IRegistryLoader>().LoadAsync(progress, cancellationToken));
            progress.Done(done.Result);
            if (done.Unreadable > 0)
                await Console.Error.WriteLineAsync($"{done.Unreadable} repositories could not be read whole; the warnings above say which, and why.");
            return done.Result.Refused + done.Unreadable > 0 ? ExitCode.Failed : ExitCode.Done;
        }, interrupted: "what was loaded stays. The same command loads the rest.");
        return command;
    }
}
