using RegistryIndex.Files;

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

    /// <summary>The same segment by segment, as the target of a link may be reached by others: for systems that do not tell it.</summary>
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
                throw new NotPlainException("its links lead in a circle");
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            foreach (var part in Segments(target).Reverse())
                ahead.Push(part);
        }

        return Path.Exists(real) ? real : throw new FileNotFoundException($"There is no '{real}'", path);
    }

    private static string[] Segments(string path) => path[Path.GetPathRoot(path)!.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
}
