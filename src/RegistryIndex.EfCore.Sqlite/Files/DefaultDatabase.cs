using Microsoft.Data.Sqlite;

namespace RegistryIndex.EfCore.Sqlite.Files;

/// <summary>Where the database is when nobody says: in the directory that the system has for what programs of this user keep.</summary>
/// <param name="Place">The file there; null where this user has no such directory.</param>
/// <param name="Old">The file that earlier versions made in a directory of everybody's, where that is used still.</param>
/// <param name="Ignored">Why that file is not used, in a sentence without its full stop; null where there is none.</param>
internal sealed record DefaultDatabase(string? Place, string? Old = null, string? Ignored = null)
{
    private const long SmallestDatabase = 512;
    private const string Name = "index.db";
    private const string DirectoryName = "registry-index";

    /// <summary>The file that is used; null where there can be none.</summary>
    public string? File => Old ?? Place;

    /// <summary>What the setting would be to mean the same; a URL cannot hold every path.</summary>
    public string? Url => File is null ? null : File.Contains('?', StringComparison.Ordinal) ? new SqliteConnectionStringBuilder { DataSource = File }.ToString() : "sqlite:///" + File;

    /// <summary>Finds it by the environment of this process, or by another, and where earlier versions had theirs, if that counts.</summary>
    public static DefaultDatabase Find(Func<string, string?>? environment = null, string? oldFile = null)
    {
        var file = FileOf(environment ?? Environment.GetEnvironmentVariable);
        if (oldFile is null || !OperatingSystem.IsLinux() || (file is not null && Path.Exists(file)))
            return new(file);
        try
        {
            return FileStatus.Read(oldFile) switch
            {
                null or { IsRegularFile: true, Size: < SmallestDatabase } => new(file),
                _ => PrivatePlace.FindProblem(oldFile) is { } problem ? new(file, Ignored: problem.Text) : new(file, Old: oldFile),
            };
        }
        catch (IOException error)
        {
            return new(file, Ignored: error.Message.TrimEnd('.'));
        }
    }

    // Only systemd's is the program's own; below the others it has a directory.
    private static string? FileOf(Func<string, string?> environment)
    {
        if (!OperatingSystem.IsLinux())
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } local ? Path.Combine(local, DirectoryName, Name) : null;
        if (Absolute("STATE_DIRECTORY")?.Split(':')[0] is { } own)
            return Path.Combine(own, Name);
        if (Absolute("XDG_STATE_HOME") is { } state)
            return Path.Combine(state, DirectoryName, Name);
        var home = Absolute("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home is "" or "/" ? null : Path.Combine(home, ".local", "state", DirectoryName, Name);

        string? Absolute(string variable) => environment(variable) is { } value && value.StartsWith('/') ? value : null;
    }
}
