namespace RegistryIndex.EfCore.Sqlite.Files;

/// <summary>Why a database is not this user's alone.</summary>
/// <param name="Text">A sentence without its full stop.</param>
/// <param name="Remedy">What to do.</param>
internal readonly record struct PlaceProblem(string Text, string Remedy = "remove what is there");

/// <summary>Whether a file is where no other user can have prepared it, and can exchange it.</summary>
internal static class PrivatePlace
{
    private const uint Root = 0;

    private const string OtherUser = "run this as the user that it belongs to";

    /// <summary>Says why the database there is not this user's alone; null when it is, or may be made.</summary>
    /// <exception cref="IOException">The system does not tell.</exception>
    public static PlaceProblem? FindProblem(string file)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var user = Linux.GetUser();
        var directory = Path.GetDirectoryName(file)!;
        if (FileStatus.Read(directory) is { IsLink: true, Owner: var owner } && owner != user && owner != Root)
            return new($"the directory {directory} is a symbolic link of another user");
        if (FileStatus.Read(directory, followLink: true) is { } parent)
        {
            if (parent.Owner != user && parent.Owner != Root)
                return new($"the directory {directory} belongs to another user", OtherUser);
            if (parent is { IsWritableByOthers: true, IsSticky: false })
                return new($"other users may write to the directory {directory}", $"take that right from them (chmod go-w {directory})");
        }

        return SqliteFiles.Of(file).Select(one => FindProblem(one, user)).FirstOrDefault(problem => problem is not null);
    }

    // A log or journal that somebody else has put beside the database would become a part of it.
    private static PlaceProblem? FindProblem(string file, uint user) => FileStatus.Read(file) switch
    {
        null => null,
        { IsLink: true } => new PlaceProblem($"{file} is a symbolic link"),
        { IsRegularFile: false } => new PlaceProblem($"{file} is not a file"),
        { Owner: var owner } when owner != user => new PlaceProblem($"{file} belongs to another user", OtherUser),
        { Names: > 1 } => new PlaceProblem($"{file} has another name, too (a hard link)"),
        _ => null,
    };
}
