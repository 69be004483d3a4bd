using Microsoft.Data.Sqlite;

namespace RegistryIndex.EfCore.Sqlite.Files;

/// <summary>The default database, in the directory that the system provides for the state of this user's programs.</summary>
/// <param name="Place">The file in that directory; null if this user has no such directory.</param>
/// <param name="Old">The file that earlier versions created in a shared directory, if it is still used.</param>
/// <param name="Ignored">Why that file is not used, in a sentence without its full stop; null if there is no such file.</param>
internal sealed record DefaultDatabase(string? Place, string? Old = null, string? Ignored = null)
{
    private const long SmallestDatabase = 512;
    private const string Name = "index.db";
    private const string DirectoryName = "registry-index";

    /// <summary>The file that is used; null if no file is possible.</summary>
    public string? File => Old ?? Place;

    /// <summary>The equivalent value of the setting. It is a connection string if a URL cannot contain the path.</summary>
    public string? Url => File is null ? null : File.Contains('?', StringComparison.Ordinal) ? new SqliteConnectionStringBuilder { DataSource = File }.ToString() : "sqlite:///" + File;

    /// <summary>
    /// Finds the default database from environment variables, by default those of this process, and from the default
    /// file of earlier versions, if one is given.
    /// </summary>
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

    // systemd's directory belongs to this program alone. In the other directories, the program has a subdirectory.
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
