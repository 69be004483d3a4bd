namespace RegistryIndex.EfCore.Sqlite.Files;

/// <summary>Why other users can change a database.</summary>
/// <param name="Text">A sentence without its full stop.</param>
/// <param name="Remedy">What to do.</param>
internal readonly record struct PlaceProblem(string Text, string Remedy = "remove it");

/// <summary>Checks that no other user can have prepared a file, or can replace it.</summary>
internal static class PrivatePlace
{
    private const uint Root = 0;

    private const string OtherUser = "run this program as the user who owns it";

    /// <summary>Describes how other users could change the database; null if they cannot, or if it can be created.</summary>
    /// <exception cref="IOException">The system cannot read the state of a file.</exception>
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

    // SQLite would read a log or journal that another user has put beside the database into it.
    private static PlaceProblem? FindProblem(string file, uint user) => FileStatus.Read(file) switch
    {
        null => null,
        { IsLink: true } => new PlaceProblem($"{file} is a symbolic link"),
        { IsRegularFile: false } => new PlaceProblem($"{file} is not a file"),
        { Owner: var owner } when owner != user => new PlaceProblem($"{file} belongs to another user", OtherUser),
        { Names: > 1 } => new PlaceProblem($"{file} has another hard link"),
        _ => null,
    };
}
