using System.Globalization;

namespace RegistryIndex;

/// <summary>
/// Who holds a lease: a random name, and the process where Linux tells it for certain, so that a process that was killed is not waited for on the
/// same machine. Elsewhere, and of another machine, nothing is concluded.
/// </summary>
internal static class LeaseHolder
{
    // The start time distinguishes a process from a later process with the same number, the boot a machine from itself before a restart, and the
    // namespace of process numbers a container from another one with the same machine name.
    private static readonly string? Place = FindPlace();
    private static readonly string Process = Place is not null && FindStart(Environment.ProcessId) is { } start ? string.Create(CultureInfo.InvariantCulture, $"@{Place}/{Environment.ProcessId}/{start}") : "";

    /// <summary>A new name for this process.</summary>
    public static string New() => $"{Guid.NewGuid():n}{Process}";

    /// <summary>Whether it is certain that a holder runs no more.</summary>
    public static bool IsDead(string holder)
    {
        var process = holder[(holder.IndexOf('@', StringComparison.Ordinal) + 1)..].Split('/');
        return Process.Length > 0 && process is [var machine, var boot, var numbers, var id, var start] && $"{machine}/{boot}/{numbers}" == Place
            && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && FindStart(number) != start;
    }

    // Null if this is unknown, or if the processes of other users are hidden (hidepid, systemd's ProtectProc): a hidden process would look dead.
    private static string? FindPlace()
    {
        var boot = ReadOrNothing("/proc/sys/kernel/random/boot_id");
        return boot.Length > 0 && FindStart(1) is not null && new FileInfo("/proc/self/ns/pid").LinkTarget is { } numbers ? $"{Environment.MachineName}/{boot}/{numbers}" : null;
    }

    // The 22nd field of stat (proc(5)), counted from behind the program's name, which may hold anything; null where there is no such process.
    private static string? FindStart(int process)
    {
        var stat = ReadOrNothing($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
        return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(19);
    }

    private static string ReadOrNothing(string file)
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText(file).Trim() : "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
