using System.Runtime.InteropServices;

namespace RegistryIndex.Server.Commands;

/// <summary>Handles Ctrl-C and SIGTERM for the whole process, and ends the process when a command takes too long to end.</summary>
internal static class Termination
{
    // The time for a command; the server has less, and limits itself.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static readonly CancellationTokenSource Asked = new();
    private static int _signals;
    private static readonly List<PosixSignalRegistration> Registrations = []; // kept, as a collected registration receives nothing

    /// <summary>Starts to handle signals; before, a signal ends the process as usual.</summary>
    /// <returns>A token that is cancelled when the process is requested to end.</returns>
    public static CancellationToken Listen()
    {
        Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear));
        Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear));
        return Asked.Token;
    }

    private static void Hear(PosixSignalContext signal)
    {
        signal.Cancel = true;
        var exitCode = signal.Signal == PosixSignal.SIGINT ? ExitCode.Interrupted : ExitCode.Terminated;
        if (Interlocked.Increment(ref _signals) > 1)
            Environment.Exit(exitCode); // a second request means not to wait
        _ = EndInTimeAsync(exitCode);
        Asked.Cancel();
    }

    private static async Task EndInTimeAsync(int exitCode)
    {
        await Task.Delay(Patience);
        Environment.Exit(exitCode);
    }
}
