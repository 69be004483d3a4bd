using System.CommandLine;
using RegistryIndex.Migration;
using RegistryIndex.Server.Terminal;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Commands;

/// <summary><c>registry-index load</c>: loads the registry's storage into the index; can be repeated.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var command = new Command("load", "Load the registry's storage into the index. Adds and updates, never deletes; can be repeated at any time.");
        command.Runs(async (parsed, cancellationToken) =>
        {
            await using var services = await CommandServices.OpenAsync(
                parsed, cancellationToken, services => services.GetRequiredService<IRegistryStorage>().CheckAsync(cancellationToken));
            if (LeftFacts.FindOfRegistry(services.GetRequiredService<IRegistryIndex>()) is { } left)
                await Console.Error.WriteLineAsync(left);
            var progress = new Progress(services.GetRequiredService<TimeProvider>());
            var done = await progress.RunAsync("Loading", () => services.GetRequiredService<IRegistryLoader>().LoadAsync(progress, cancellationToken));
            progress.Done(done.Result);
            if (done.Unreadable > 0)
                await Console.Error.WriteLineAsync($"{done.Unreadable} repositories could not be read completely; the warnings above say which, and why.");
            return done.Result.Refused + done.Unreadable > 0 ? ExitCode.Failed : ExitCode.Done;
        }, interrupted: "the loaded repositories stay. The same command loads the rest.");
        return command;
    }
}
