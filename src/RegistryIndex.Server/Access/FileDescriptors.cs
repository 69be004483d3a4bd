using System.Globalization;

namespace RegistryIndex.Server.Access;

/// <summary>The file descriptors of this process. One that has none left cannot even start a thread, and ends.</summary>
internal static class FileDescriptors
{
    private const string Limits = "/proc/self/limits";
    private const string Open = "/proc/self/fd";
    private const string Limit = "Max open files"; // and then the limit that counts, which .NET has raised to the one it may have at most

    /// <summary>How many there are to be had; null where they have no limit, or nobody knows it.</summary>
    public static int? Spare()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(Limits) || !Directory.Exists(Open))
            return null;
        var limit = File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Limit, StringComparison.Ordinal))?[Limit.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? Math.Max(0, most - Directory.EnumerateFileSystemEntries(Open).Count()) : null;
    }
}
