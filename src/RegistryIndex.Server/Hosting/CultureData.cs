using System.Runtime.InteropServices;

namespace RegistryIndex.Server.Hosting;

/// <summary>
/// Lets the program run without ICU on Linux. Without it, .NET ends a process unless the process asks for the invariant mode. Only SQL Server's
/// driver needs culture data, and the provider reports that.
/// </summary>
internal static class CultureData
{
    private const int Oldest = 60;
    private const int Newest = 120; // two appear in a year

    /// <summary>Selects the invariant mode if there is no ICU. Runs before any code that uses a culture.</summary>
    public static void DoWithout()
    {
        if (OperatingSystem.IsLinux() && !HasIcu())
            AppContext.SetSwitch("System.Globalization.Invariant", isEnabled: true); // a variable with that meaning is stronger
    }

    // By the names under which .NET looks for it.
    private static bool HasIcu() => Enumerable.Range(Oldest, Newest - Oldest)
        .Any(version => NativeLibrary.TryLoad($"libicuuc.so.{version}", out _) || NativeLibrary.TryLoad($"libicuuc.so.suse{version}", out _));
}
