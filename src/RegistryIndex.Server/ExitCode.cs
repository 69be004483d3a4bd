namespace RegistryIndex.Server;

/// <summary>What the process says with its exit code; <c>--help</c> lists them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Mistake = 2;
    public const int Interrupted = 130;
    public const int Terminated = 143; // what a shell says of a program that SIGTERM ended
    public const int ReaderGone = 141; // what a shell says of a program that SIGPIPE ended
}
