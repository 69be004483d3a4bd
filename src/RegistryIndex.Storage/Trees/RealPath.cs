using Microsoft.Win32.SafeHandles;

namespace RegistryIndex.Storage.Trees;

/// <summary>Where a path leads, with all links resolved.</summary>
internal static class RealPath
{
    private const int MostLinks = 40; // as Linux allows on one way

    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="IOException">It cannot be told for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not look there.</exception>
    public static string Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return Resolve(path);
        using var handle = PlainFile.OpenAnything(path);
        return Of(handle, path);
    }

    /// <summary>Whether a link leads to nothing, or in a circle.</summary>
    public static bool LeadsNowhere(string path)
    {
        try
        {
            Of(path);
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error is FileNotFoundException or DirectoryNotFoundException or NotPlainException;
        }
    }

    /// <summary>The same of what was opened by that path, whatever is there by now.</summary>
    public static string Of(SafeFileHandle handle, string path) => OperatingSystem.IsLinux()
        ? new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget ?? throw new IOException("/proc is not mounted")
        : Resolve(path);

    // Segment by segment, as the target of a link may be reached by others.
    private static string Resolve(string path)
    {
        var links = 0;
        var ahead = new Stack<string>(Segments(path).Reverse());
        var real = Path.GetPathRoot(path)!;
        while (ahead.TryPop(out var segment))
        {
            var next = Path.Join(real, segment);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
                throw new NotPlainException("its links lead in a circle");
            target = Path.GetFullPath(target, real);
            real = Path.GetPathRoot(target)!;
            foreach (var part in Segments(target).Reverse())
                ahead.Push(part);
        }

        return Path.Exists(real) ? real : throw new FileNotFoundException($"There is no '{real}'", path);
    }

    private static string[] Segments(string path) => path[Path.GetPathRoot(path)!.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
}
