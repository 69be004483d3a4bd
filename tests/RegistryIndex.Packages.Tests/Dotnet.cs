using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Packages.Tests;

/// <summary>The .NET SDK in a process of its own, without the environment of the test process.</summary>
internal static class Dotnet
{
    // It compiles whole programs, which takes long on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>The folder of packages that this machine has restored.</summary>
    public static string PackagesOfMachine { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The directory of the .NET installation, for programs that look for it.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    public static Task<ProcessResult> RunAsync(string folder, params string[] arguments) => RunAsync(folder, arguments, []);

    /// <exception cref="InvalidOperationException">The exit code is not 0.</exception>
    public static async Task<ProcessResult> RunAsync(string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        var result = await RunProgramAsync("dotnet", folder, arguments, environment);
        return result.ExitCode == 0
            ? result
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} in {folder} ended with {result.ExitCode}:\n{result.Stdout}{result.Stderr}");
    }

    public static async Task<ProcessResult> RunProgramAsync(string program, string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (string)entry.Key).Where(IsOfTheTestRun))
            start.Environment.Remove(name);
        start.Environment["DOTNET_ROOT"] = Root;
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        return await process.ReadToEndAsync(Patience);
    }

    private static bool IsOfTheTestRun(string variable) =>
        variable.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("XUNIT", StringComparison.OrdinalIgnoreCase) || variable is "DOTNET_HOST_PATH" or "DOTNET_STARTUP_HOOKS" or "CI";
}
