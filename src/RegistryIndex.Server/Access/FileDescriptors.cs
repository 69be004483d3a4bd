using System.Globalization;

namespace RegistryIndex.Server.Access;

/// <summary>Counts the file descriptors of this process. A process without free descriptors cannot even start a thread, and ends.</summary>
internal static class FileDescriptors
{
    private const string Limits = "/proc/self/limits";
    private const string Open = "/proc/self/fd";
    private const string Limit = "Max open files"; // followed by the soft limit, which .NET has raised to the hard limit

    /// <summary>How many descriptors are free; null when there is no limit, or it is not known.</summary>
    public static int? Spare() => Most() is { } most ? Math.Max(0, most - CountOpen()) : null;

    /// <summary>How many descriptors may be open; null when there is no limit, or it is not known.</summary>
    public static int? Most()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(Limits) || !Directory.Exists(Open))
            return null;
        var limit = File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Limit, StringComparison.Ordinal))?[Limit.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : null;
    }

    /// <summary>How many descriptors are open, on a system where <see cref="Most"/> is known.</summary>
    public static int CountOpen() => Directory.EnumerateFileSystemEntries(Open).Count();
}
