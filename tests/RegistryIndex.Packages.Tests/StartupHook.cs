using System.Diagnostics.CodeAnalysis;
using System.Runtime;

/// <summary>
/// Runs in a program that a test has started (<c>DOTNET_STARTUP_HOOKS</c>): writes how many methods have been compiled since its start into a
/// file, as often as there is another one of that name with <c>.asked</c> at its end.
/// </summary>
[SuppressMessage("Design", "MA0047", Justification = "The runtime looks for it without a namespace.")]
internal static class StartupHook
{
    public const string Variable = "REGISTRYINDEX_TEST_COMPILED";

    public static void Initialize() => new Thread(() => Answer(Environment.GetEnvironmentVariable(Variable)!)) { IsBackground = true }.Start();

    private static void Answer(string file)
    {
        while (true)
        {
            // Counted whether asked or not, so that what it takes to count is compiled from the beginning.
            var count = $"{JitInfo.GetCompiledMethodCount()}";
            if (File.Exists(file + ".asked"))
            {
                File.WriteAllText(file + ".new", count);
                File.Move(file + ".new", file, overwrite: true);
                File.Delete(file + ".asked");
            }

            Thread.Sleep(20);
        }
    }
}
