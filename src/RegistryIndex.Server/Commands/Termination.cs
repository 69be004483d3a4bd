using System.Runtime.InteropServices;

namespace RegistryIndex.Server.Commands;

/// <summary>Hears Ctrl-C and SIGTERM for the whole process, and ends it where a command does not do so in its time.</summary>
internal static class Termination
{
    // Above the host's own 30 seconds, in which it finishes the requests under way.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static readonly CancellationTokenSource Asked = new();
    private static int _signals;
    private static readonly List<PosixSignalRegistration> Registrations = []; // one that is collected hears nothing

    /// <summary>Begins to listen; what was not heard before ends a process as it always does.</summary>
    /// <returns>Cancelled when the process is asked to end.</returns>
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
            Environment.Exit(exitCode); // who asks again does not want to wait
        _ = EndInTimeAsync(exitCode);
        Asked.Cancel();
    }

    private static async Task EndInTimeAsync(int exitCode)
    {
        await Task.Delay(Patience);
        Environment.Exit(exitCode);
    }
}
