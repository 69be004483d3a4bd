using System.Diagnostics.CodeAnalysis;
using System.Runtime;

/// <summary>
/// Runs in a program that a test has started (<c>DOTNET_STARTUP_HOOKS</c>). It writes the number of methods that have been compiled since the
/// start into a file, whenever a file with the same name and <c>.asked</c> at its end exists.
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
            // The number is read in every round, so that the code for it is compiled from the beginning.
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
