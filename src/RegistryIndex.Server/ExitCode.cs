namespace RegistryIndex.Server;

/// <summary>The exit codes of the process; <c>--help</c> lists them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Mistake = 2;
    public const int Interrupted = 130;
    public const int Terminated = 143; // a shell's code for a program that SIGTERM ended
    public const int ReaderGone = 141; // a shell's code for a program that SIGPIPE ended
}
