using RegistryIndex.Files;

namespace RegistryIndex.Storage.Trees;

/// <summary>Resolves all links of a path.</summary>
internal static class RealPath
{
    private const int MostLinks = 40; // Linux's limit for one path

    /// <exception cref="FileNotFoundException">Nothing exists at the path.</exception>
    /// <exception cref="IOException">The path cannot be resolved for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read a directory on the way.</exception>
    public static string Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return Resolve(path);
        using var place = PlainFile.Find(path);
        return new FileInfo($"/proc/self/fd/{place.DangerousGetHandle()}").LinkTarget ?? throw new IOException("/proc is not mounted");
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

    /// <summary>
    /// Resolves the path segment by segment, as the target of a link may be reached through other links: for systems that have no function
    /// for it.
    /// </summary>
    internal static string Resolve(string path)
    {
        var links = 0;
        var ahead = new Stack<string>(Segments(path).Reverse());
        var real = Path.GetPathRoot(path)!;
        while (ahead.TryPop(out var segment))
        {
            if (segment is "." or "..")
            {
                real = segment == "." ? real : Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Join(real, segment);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
                throw new NotPlainException("its links form a loop");
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            foreach (var part in Segments(target).Reverse())
                ahead.Push(part);
        }

        return Path.Exists(real) ? real : throw new FileNotFoundException($"The path '{real}' does not exist", path);
    }

    private static string[] Segments(string path) => path[Path.GetPathRoot(path)!.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
}
