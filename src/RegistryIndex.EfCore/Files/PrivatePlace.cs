namespace RegistryIndex.EfCore.Files;

/// <summary>Whether a file is where no other user can have prepared it, and can exchange it.</summary>
internal static class PrivatePlace
{
    private const uint Root = 0;

    /// <summary>Says in one sentence, without its full stop, why the database there is not this user's alone; null when it is, or may be made.</summary>
    /// <exception cref="IOException">The system does not tell.</exception>
    public static string? FindProblem(string file)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var user = Linux.GetUser();
        var directory = Path.GetDirectoryName(file)!;
        if (FileStatus.Read(directory) is { IsLink: true, Owner: var owner } && owner != user && owner != Root)
            return $"the directory {directory} is a symbolic link of another user";
        if (FileStatus.Read(directory, followLink: true) is { } parent)
        {
            if (parent.Owner != user && parent.Owner != Root)
                return $"the directory {directory} belongs to another user";
            if (parent is { IsWritableByOthers: true, IsSticky: false })
                return $"other users may write to the directory {directory}";
        }

        return SqliteFiles.Of(file).Select(one => FindProblem(one, user)).FirstOrDefault(problem => problem is not null);
    }

    // A log or journal that somebody else has put beside the database would become a part of it.
    private static string? FindProblem(string file, uint user) => FileStatus.Read(file) switch
    {
        null => null,
        { IsLink: true } => $"{file} is a symbolic link",
        { IsRegularFile: false } => $"{file} is not a file",
        { Owner: var owner } when owner != user => $"{file} belongs to another user",
        { Names: > 1 } => $"{file} has another name, too (a hard link)",
        _ => null,
    };
}
